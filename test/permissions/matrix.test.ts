import { describe, expect, it } from 'vitest'
import { quayEndpoints } from '../../src/dialects/quay/index.ts'
import { createCast, type MatrixActor, type NamespaceKind, type RepositoryKind, type Target } from './cast.ts'
import { verdict } from './expectation.ts'
import { type OperationRow, operations, parameters } from './operations.ts'

/** Every feature on, so that every operation has its route. */
const settings = Object.fromEntries(
  [
    'IMMUTABLE_TAGS',
    'PERMANENTLY_DELETE_TAGS',
    'IMAGE_PULL_STATS',
    'SECURITY_SCANNER',
    'SIGNING',
    'REPO_MIRROR',
    'MAILING',
    'USER_INITIALIZE',
  ].map((name) => [`FEATURE_${name}`, 'true']),
)

const namespaces = { user: 'alice', organization: 'acme' } as const
const repositories = { public: 'pub', private: 'app', missing: 'gone' } as const
const refusals = { forged: 403, unauthenticated: 401, denied: 403 } as const

type Route = (typeof quayEndpoints)[number]['route']
const routes = quayEndpoints.map(({ route }) => route as Route & { operationId: string })

/** The targets that make a difference to an operation: repositories, namespaces, or just one. */
function targetsOf({ path, operationId }: Route & { operationId: string }): Target[] {
  const kinds = Object.keys(namespaces) as NamespaceKind[]
  if (path.startsWith('/repository/{repository}')) {
    return kinds.flatMap((namespace) =>
      (Object.keys(repositories) as RepositoryKind[]).map((repository) => ({ namespace, repository })),
    )
  }
  const onNamespace = path.includes('{orgname}') || operationId === 'createRepo'
  return (onNamespace ? kinds : kinds.slice(1)).map((namespace) => ({ namespace, repository: 'missing' as const }))
}

function requestOf(path: string, row: OperationRow, target: Target) {
  const values: Record<string, string> = {
    ...parameters,
    orgname: namespaces[target.namespace],
    repository: `${namespaces[target.namespace]}/${repositories[target.repository]}`,
    ...row.parameters,
  }
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? `no value for ${name}`)
  const body = typeof row.body === 'function' ? row.body(target) : row.body
  return { url: `/api/v1${filled}${row.query ? `?${row.query}` : ''}`, body }
}

function expected(row: OperationRow, isWrite: boolean, actor: MatrixActor, target: Target): readonly number[] {
  const says = verdict(row.gate, isWrite, actor, target)
  if (says !== 'passes') return [row.refusals?.[says] ?? refusals[says]].flat()
  if (target.namespace === 'user' && row.onUserNamespace !== undefined) return [row.onUserNamespace].flat()
  const { passes } = row
  if (typeof passes === 'number' || Array.isArray(passes)) return [passes as number | readonly number[]].flat()
  const { existing, missing } = passes as { existing: number; missing: number }
  return [target.repository === 'missing' ? missing : existing].flat()
}

describe('permission matrix', () => {
  it('has a row for every operation of the dialect, and no other', () => {
    const named = routes.map(({ operationId }) => operationId)
    expect([...named].sort()).toEqual(Object.keys(operations).sort())
  })

  it('is larger than the product it follows has: 1,592 cases', async () => {
    const { actors } = await createCast({ settings })
    const cases = routes.reduce((sum, route) => sum + targetsOf(route).length, 0) * actors.length
    expect(cases).toBeGreaterThan(1592)
  })

  describe.each([false, true])('superusers with full access: %s', (fullAccess) => {
    it.each(routes.map((route) => ({ name: route.operationId, route })))(
      '$name',
      { timeout: 120_000 },
      async ({ name, route }) => {
        const row = operations[name]
        if (!row) throw new Error(`no row for ${name}`)
        let { actors } = await createCast({ fullAccess, settings })
        // With full access only the superuser's cases are new.
        const concerned = (actor: MatrixActor) => !fullAccess || actor.isSuperuser
        const wrong: string[] = []
        for (const target of targetsOf(route)) {
          for (let i = 0; i < actors.length; i++) {
            const actor = actors[i] as MatrixActor
            if (!concerned(actor)) continue
            const method = route.method.toUpperCase()
            const { url, body } = requestOf(route.path, row, target)
            const answer = await actor.client.request(method, url, body)
            await answer.body?.cancel()
            const wanted = expected(row, method !== 'GET', actor, target)
            if (!wanted.includes(answer.status))
              wrong.push(`${actor.name}: ${method} ${url} is ${answer.status}, not ${wanted.join(' or ')}`)
            if (row.mutates && answer.ok) ({ actors } = await createCast({ fullAccess, settings }))
          }
        }
        expect(wrong).toEqual([])
      },
    )
  })
})
