import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { settingNames } from '../../src/settings.ts'

it('README.md names every setting', () => {
  const text = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
  const names = settingNames.map((name) => name.replace(/^FEATURE_/, ''))
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([])
})
