import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

/** Who may import whom: the folders of src/, each with what stands below it. */
const below: Record<string, string[]> = {
  runtimes: ['console', 'jobs', 'dialects', 'documents', 'edge', 'domain', 'store', 'blobs', 'mail', 'outbound'],
  jobs: ['edge', 'domain', 'store', 'blobs'],
  console: ['domain', 'store'],
  documents: ['dialects', 'domain'],
  // The console's pages are templates; a dialect decides what stands in them.
  dialects: ['console', 'edge', 'domain', 'store', 'blobs'],
  edge: ['domain', 'store', 'blobs'],
  domain: ['store', 'blobs', 'mail', 'outbound'],
  store: [],
  blobs: [],
  mail: [],
  outbound: [],
}
const packages = [
  { name: /^(hono|@hono\/)/, only: /^(app|documents\/|dialects\/|console\/|runtimes\/)/ },
  { name: /^@libsql\//, only: /^store\// },
  { name: /^drizzle-orm\/(d1|libsql|sqlite-core)/, only: /^store\// },
  { name: /^nodemailer/, only: /^mail\/smtpMailer/ },
  { name: /^undici/, only: /^outbound\/nodeNetwork/ },
  { name: /^(node:|cloudflare:)/, only: /^(runtimes\/|blobs\/files|store\/libsqlFile|outbound\/nodeNetwork)/ },
]

const root = join(import.meta.dirname, '../src')
const files = globSync('**/*.ts', { cwd: root }).map((file) => file.replaceAll('\\', '/'))
const importStatement = /^(?:import|export)( type)?\b[^'"]*?from '([^']+)'/gm
const importsOf = (file: string) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(importStatement)].map(([, isType, from = '']) => ({
    isType,
    from,
  }))
const placeOf = (file: string) => (file.includes('/') ? file.split('/')[0] : undefined)

function objections(file: string): string[] {
  return importsOf(file).flatMap(({ isType, from }) => {
    if (!from.startsWith('.')) {
      const wrong = packages.some(({ name, only }) => name.test(from) && !only.test(file))
      return wrong ? [`${file} → ${from}`] : []
    }
    const target = join(dirname(file), from)
    const [here, there] = [placeOf(file), placeOf(target)]
    const foreign = here === 'dialects' && there === 'dialects' && file.split('/')[1] !== target.split('/')[1]
    // The store may name what it looks up by; at run time nothing of the domain is there.
    const named = isType && here === 'store' && there === 'domain'
    const upward = here && there && here !== there && !below[here]?.includes(there)
    return foreign || (upward && !named) ? [`${file} → ${target}`] : []
  })
}

describe('imports', () => {
  it('point one way, and no dialect knows another', () => {
    expect(files.length).toBeGreaterThan(50)
    expect(files.flatMap(objections)).toEqual([])
  })

  it('know every folder of src/', () => {
    expect([...new Set(files.map(placeOf))].filter((place) => place && !below[place])).toEqual([])
  })

  it('find no folder for things that belong nowhere', () => {
    expect(files.filter((file) => /(^|\/)(utils?|helpers?|common|shared|services|lib)\//.test(file))).toEqual([])
  })
})
