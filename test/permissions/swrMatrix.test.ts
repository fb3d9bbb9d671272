import { describe, expect, it } from 'vitest'
import { swrParts } from '../../src/dialects/swr/index.ts'
import type { NamespaceKind, RepositoryKind, Target } from './cast.ts'
import { createSwrCast, type SwrActor } from './swrCast.ts'
import { type SwrVerdict, swrVerdict } from './swrExpectation.ts'
import { type SwrOperationRow, swrOperations, swrParameters } from './swrOperations.ts'

const namespaces = { user: 'alice', organization: 'acme' } as const
const repositories = { public: 'pub', private: 'app', missing: 'gone' } as const
const kinds = Object.keys(namespaces) as NamespaceKind[]

const operations = swrParts.flatMap(({ base, endpoints }) =>
  endpoints.map(({ route }) => ({
    name: route.operationId ?? '',
    method: route.method.toUpperCase(),
    path: base + route.path,
    takesBody: Boolean(route.request?.body),
  })),
)
type Operation = (typeof operations)[number]

/** The targets that make a difference to an operation: repositories, namespaces, or just one. */
function targetsOf({ name, path }: Operation): Target[] {
  if (path.includes('{repository}')) {
    return kinds.flatMap((namespace) =>
      (Object.keys(repositories) as RepositoryKind[]).map((repository) => ({ namespace, repository })),
    )
  }
  const onNamespace = path.includes('{namespace}') || name === 'createSwrRepo'
  return (onNamespace ? kinds : kinds.slice(1)).map((namespace) => ({ namespace, repository: 'missing' as const }))
}

function requestOf({ method, path }: Operation, row: SwrOperationRow, target: Target) {
  const values: Record<string, string> = {
    ...swrParameters,
    namespace: namespaces[target.namespace],
    repository: repositories[target.repository],
  }
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? `no value for ${name}`)
  const body: unknown = typeof row.body === 'function' ? row.body(target) : row.body
  return [method, filled + (row.query ? `?${row.query}` : ''), body] as const
}

/** The status of a success, the code of an error; IAM's errors have their status for a code. */
async function told(answer: Response): Promise<number> {
  if (answer.ok) {
    await answer.body?.cancel()
    return answer.status
  }
  const { error_code: code, error } = (await answer.json()) as { error_code?: string; error?: { code: number } }
  return error ? error.code : Number(code?.replace('SVCSTG.SWR.', ''))
}

function expected(verdict: SwrVerdict, { path }: Operation, row: SwrOperationRow, target: Target): number {
  if (verdict === 'passes') return target.namespace === 'user' ? (row.onUserNamespace ?? row.passes) : row.passes
  return path.startsWith('/v3/') ? Math.floor(verdict / 10_000) : verdict
}

const rowsOf = (name: string) => [swrOperations[name] ?? []].flat() as SwrOperationRow[]

/** What is told otherwise than the table has it. */
async function mismatches(operation: Operation, row: SwrOperationRow, fullAccess: boolean) {
  const anew = async () => {
    const cast = await createSwrCast({ fullAccess })
    for (const target of row.isDone ? targetsOf(operation).filter(({ repository }) => repository !== 'missing') : []) {
      const answer = await cast.owner.request(...requestOf(operation, row, target))
      expect(answer.ok).toBe(true)
    }
    return cast.actors
  }
  let actors = await anew()
  // With full access only the superuser's cases are new.
  const concerned = [...actors.keys()].filter((i) => !fullAccess || actors[i]?.isSuperuser)
  const wrong: string[] = []
  for (const target of targetsOf(operation)) {
    for (const i of concerned) {
      const actor = actors[i] as SwrActor
      const request = requestOf(operation, row, target)
      const answer = await actor.client.request(...request)
      const hasChanged = row.mutates && answer.ok
      const code = await told(answer)
      const verdict = swrVerdict(row.gate, operation.method !== 'GET', actor, target)
      const wanted = expected(verdict, operation, row, target)
      if (code !== wanted) wrong.push(`${actor.name}: ${request[0]} ${request[1]} is ${code}, not ${wanted}`)
      if (hasChanged) actors = await anew()
    }
  }
  return wrong
}

describe('permission matrix of SWR', () => {
  it('has a row for every operation of the dialect, and no other', () => {
    expect(operations.map(({ name }) => name).sort()).toEqual(Object.keys(swrOperations).sort())
  })

  describe.each([false, true])('superusers with full access: %s', (fullAccess) => {
    it.each(operations)('$name', { timeout: 120_000 }, async (operation) => {
      const wrong: string[] = []
      for (const row of rowsOf(operation.name)) wrong.push(...(await mismatches(operation, row, fullAccess)))
      expect(wrong).toEqual([])
    })
  })

  it('refuses a body that is none before it says what is there, and after it knows who asks', async () => {
    const { actors: everybody } = await createSwrCast()
    const actors = everybody.filter(({ name }) => ['anonymous', 'stranger', 'owner', 'reader'].includes(name))
    const wrong: string[] = []
    for (const operation of operations.filter(({ takesBody, path }) => takesBody && !path.startsWith('/v3/'))) {
      for (const target of targetsOf(operation)) {
        for (const actor of actors) {
          const [method, url] = requestOf(operation, { gate: { on: 'nothing' }, passes: 200 }, target)
          const code = await told(await actor.client.request(method, url, '{'))
          const wanted = actor.isKnown ? 4001018 : 4010000
          if (code !== wanted) wrong.push(`${actor.name}: ${method} ${url} is ${code}, not ${wanted}`)
        }
      }
    }
    expect(wrong).toEqual([])
  }, 60_000)

  it('says of paths and methods only to those it knows that they are none', async () => {
    const { actors } = await createSwrCast()
    const wrong: string[] = []
    for (const actor of actors) {
      for (const [method, path, code] of [
        ['GET', '/v2/manage/nosuch', 4040083],
        ['PUT', '/v2/manage/nosuch', 4040083],
        ['GET', '/v2/manage/namespaces/acme/repos/app/with/slashes/tags', 4040083],
        ['PUT', '/v2/manage/namespaces/acme/repos/app/tags', 4050000],
        ['POST', '/v2/manage/repos', 4050000],
      ] as const) {
        const got = await told(await actor.client.request(method, path))
        const wanted = actor.isKnown ? code : 4010000
        if (got !== wanted) wrong.push(`${actor.name}: ${method} ${path} is ${got}, not ${wanted}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('tells anybody which versions there are', async () => {
    const { actors } = await createSwrCast()
    const answers = await Promise.all(
      actors.flatMap(({ client }) => ['/', '/v2'].map((path) => client.request('GET', path))),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  })
})
