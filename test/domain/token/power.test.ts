import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import {
  coversScopes,
  parseScopes,
  repositoryCap,
  repositoryRank,
  type Scope,
  scopes,
} from '../../../src/domain/token/scope.ts'
import { basic } from '../../support/push.ts'
import { createWorld, type Person, password, type World } from '../../support/world.ts'

const all = Object.keys(scopes) as Scope[]
const people: Person[] = ['alice', 'bob', 'carol', 'dave', 'admin', 'auditor']
const repositories = ['acme/app', 'acme/pub', 'acme/new', 'alice/new', 'dave/new']
const rankOf = { pull: repositoryRank('read'), push: repositoryRank('write'), '*': repositoryRank('admin') }
type Action = keyof typeof rankOf

/** Equal for equal seeds. */
function dice(seed: number) {
  let state = seed
  const roll = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  return {
    one: <T>(list: readonly T[]) => list[Math.floor(roll() * list.length)] as T,
    some: <T>(list: readonly T[]) => list.filter(() => roll() < 0.4),
  }
}

/** What a login gets on a repository when it asks for everything. */
async function granted(world: World, login: Record<string, string>, path: string): Promise<Action[]> {
  const query = `service=registry.test&scope=repository:${path}:pull,push,*`
  const { token } = await world.client(login).get<{ token: string }>(`/v2/auth?${query}`)
  return (decodeJwt(token).access as { actions: Action[] }[])[0]?.actions ?? []
}

describe('a token of whatever scopes', () => {
  it.each([1, 2, 3, 4])('never has more power than its parent, after any exchange (seed %i)', async (seed) => {
    const { one, some } = dice(seed)
    const world = await createWorld()
    for (let i = 0; i < 25; i++) {
      const [who, path, held] = [one(people), one(repositories), some(all)]
      if (held.length === 0) continue
      const text = await world.token(who, held.join(' '))
      // First the token: the password would create what is missing.
      const byToken = await granted(world, basic('$oauthtoken', text), path)
      const byPassword = await granted(world, basic(who, password), path)
      const about = `${who} with ${held} on ${path}: ${byToken} of ${byPassword}`
      const cap = repositoryCap(new Set(held))
      for (const action of byToken) {
        expect(byPassword, about).toContain(action)
        const isPublicPull = action === 'pull' && (path === 'acme/pub' || who === 'auditor')
        expect(isPublicPull || rankOf[action] <= cap, about).toBe(true)
      }
    }
  })

  it.each([1, 2, 3, 4])('mints none that reaches further (seed %i)', async (seed) => {
    const { one, some } = dice(seed)
    const world = await createWorld({ settings: { SUPER_USERS: ['alice'] } })
    const tokens = '/api/v1/organization/acme/applications/TESTSTESTSTESTSTESTS/tokens'
    for (let i = 0; i < 25; i++) {
      const [held, asked] = [[...some(all), 'org:admin' as const], some(all)]
      const client = await world.withScope('alice', [...new Set(held)].join(' '))
      const response = await client.request('POST', tokens, { name: 't', scope: asked.join(one([' ', ','])) })
      const isCovered = coversScopes(new Set(held), new Set(asked))
      const about = `${held} asks for ${asked}`
      expect(response.status, about).toBe(asked.length === 0 ? 400 : isCovered ? 200 : 403)
    }
  })
})

describe('scopes as text', () => {
  it.each([
    ['repo:read', ['repo:read']],
    ['repo:read repo:admin', ['repo:read', 'repo:admin']],
    ['repo:read,repo:admin', ['repo:read', 'repo:admin']],
    ['repo:read,repo:admin repo:write', ['repo:read', 'repo:admin', 'repo:write']],
    ['repo:read repo:read', ['repo:read']],
    ['', undefined],
    ['nonsense', undefined],
    ['repo:read nonsense', undefined],
    ['repo:read|repo:admin', undefined],
    ['repo:read, repo:admin', undefined],
    ['repo:read  repo:admin', undefined],
    [' repo:read', undefined],
    ['repo:read,', undefined],
    ['REPO:READ', undefined],
    ['__proto__', undefined],
  ])('%j are %j', (text, expected) => {
    const parsed = parseScopes(text)
    expect(parsed && [...parsed]).toEqual(expected)
  })

  it.each<{ held: Scope[]; asked: Scope[]; is: boolean }>([
    { held: ['repo:read'], asked: ['repo:read'], is: true },
    { held: ['repo:write'], asked: ['repo:read'], is: true },
    { held: ['repo:admin'], asked: ['repo:read', 'repo:write'], is: true },
    { held: ['repo:read'], asked: ['repo:write'], is: false },
    { held: ['user:admin'], asked: ['user:read'], is: false },
    { held: ['org:admin'], asked: ['repo:create'], is: false },
    { held: [], asked: ['repo:read'], is: false },
    { held: ['repo:read'], asked: [], is: false },
  ])('$held cover $asked: $is', ({ held, asked, is }) => {
    expect(coversScopes(new Set(held), new Set(asked))).toBe(is)
  })
})
