import { describe, expect, it } from 'vitest'
import { parseSettings } from '../src/settings.ts'

const parse = (variables: Record<string, unknown>) =>
  parseSettings({ SECRET_KEY: 'sixteen letters and more', ...variables })

describe('settings', () => {
  it.each([
    { case: 'one name', given: 'admin', is: ['admin'] },
    { case: 'names with commas', given: ' admin, root,', is: ['admin', 'root'] },
    { case: 'JSON', given: '["admin", "root"]', is: ['admin', 'root'] },
    { case: 'an array of wrangler.toml', given: ['admin'], is: ['admin'] },
    { case: 'nothing', given: '', is: [] },
  ])('reads a list given as $case', ({ given, is }) => {
    expect(parse({ SUPER_USERS: given }).SUPER_USERS).toEqual(is)
  })

  it.each([
    [true, true],
    ['true', true],
    ['True', true],
    ['1', true],
    [false, false],
    ['false', false],
    ['', false],
  ])('reads the toggle %o', (given, is) => {
    expect(parse({ FEATURE_MAILING: given }).FEATURE_MAILING).toBe(is)
  })

  it.each([
    ['FEATURE_MAILING', 'maybe'],
    ['SUPER_USERS', '["admin"'],
    ['SUPER_USERS', '[1]'],
    ['SESSION_TIMEOUT', 'soon'],
    ['MAXIMUM_MANIFEST_SIZE', '-1'],
    ['SECRET_KEY', 'short'],
    ['S3_ENDPOINT', 'nowhere'],
  ])('names the bad setting %s', (name, given) => {
    expect(() => parse({ [name]: given })).toThrow(`bad settings: ${name}: `)
  })

  it('wants S3 credentials whole or not at all', () => {
    expect(() => parse({ S3_ENDPOINT: 'https://s3.example', S3_BUCKET: 'b' })).toThrow(
      'S3_ACCESS_KEY_ID: needed by the other S3_ settings; S3_SECRET_ACCESS_KEY: needed',
    )
  })

  it('names all bad settings at once, and not what was given for the secret', () => {
    const complaint = (() => {
      try {
        parse({ SECRET_KEY: 'hush', FEATURE_MAILING: 'maybe' })
      } catch (error) {
        return String(error)
      }
    })()
    expect(complaint).toMatch(/SECRET_KEY.*FEATURE_MAILING/)
    expect(complaint).not.toContain('hush')
  })
})
