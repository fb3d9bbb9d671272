import { sql } from 'drizzle-orm'
import { decodeJwt, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { newAccount } from '../../../src/domain/namespace/newAccount.ts'
import { signingKey } from '../../../src/domain/token/signingKey.ts'
import { account, repositoryGrant, upload } from '../../../src/store/schema.ts'
import { basic, bytesOf, errorCode, pushBlob, pushImage } from '../../support/push.ts'
import { digestOf } from '../../support/seedImage.ts'
import { type Client, createWorld, everyScope, type Person, password, type World } from '../../support/world.ts'

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const id = '00000000-0000-4000-8000-000000000000'

async function tokenFor(world: World, headers: Record<string, string>, ...scopes: string[]): Promise<string> {
  const query = scopes.map((scope) => `&scope=${encodeURIComponent(scope)}`).join('')
  const response = await world.client(headers).request('GET', `/v2/auth?service=registry.test${query}`)
  const text = await response.text()
  expect(response.status, text).toBe(200)
  return (JSON.parse(text) as { token: string }).token
}

/** Every verb of the dialect on a repository: those that look, and those that change. */
async function verbs(name: string) {
  const layer = await digestOf(bytesOf('layer'))
  const at = (tail: string) => `/v2/${name}/${tail}`
  const things = ['manifests/v1', `manifests/${layer}`, `blobs/${layer}`, 'tags/list', `referrers/${layer}`]
  return {
    looks: things.flatMap((thing) => ['GET', 'HEAD'].map((method) => [method, at(thing)] as const)),
    changes: [
      ['PUT', at('manifests/v1')],
      ['PUT', at(`manifests/${layer}?tag=v1&tag=v2`)],
      ['DELETE', at('manifests/v1')],
      ['DELETE', at(`manifests/${layer}`)],
      ['DELETE', at(`blobs/${layer}`)],
      ['POST', at('blobs/uploads/')],
      ['POST', at(`blobs/uploads/?digest=${layer}`)],
      ['POST', at(`blobs/uploads/?mount=${layer}&from=acme/pub`)],
      ['POST', at(`blobs/uploads/?mount=${layer}`)],
      ...['GET', 'PATCH', 'PUT', 'DELETE'].map(
        (method) => [method, at(`blobs/uploads/${id}?digest=${layer}`)] as const,
      ),
    ] as (readonly [string, string])[],
  }
}

describe('nobody', () => {
  it.each(['acme/app', 'acme/missing', 'missing/app'])(
    'learns and changes nothing of %s, by any verb',
    async (name) => {
      const world = await createWorld()
      await pushImage(world.as('bob'), 'acme/app:v1')
      await pushImage(world.as('bob'), 'acme/pub:v1')
      const { looks, changes } = await verbs(name)
      const anonymous = await tokenFor(world, {}, `repository:${name}:pull,push`)
      const before = await world.events()
      for (const client of [world.as('nobody'), world.client(bearer(anonymous))]) {
        for (const [method, path] of [...looks, ...changes]) {
          const response = await client.request(method, path)
          expect([method, path, response.status]).toEqual([method, path, 401])
          expect(response.headers.get('www-authenticate')).toContain(`scope="repository:${name}:pull`)
          if (method !== 'HEAD') expect(await errorCode(response)).toBe('UNAUTHORIZED')
        }
      }
      expect(await world.events()).toEqual(before)
    },
  )

  it('reads what is public, and changes nothing of it', async () => {
    const world = await createWorld()
    const { digest } = await pushImage(world.as('bob'), 'acme/pub:v1')
    const { looks, changes } = await verbs('acme/pub')
    for (const [method, path] of looks) {
      const isMissing = path.includes('manifests/sha256')
      expect((await world.as('nobody').request(method, path)).status).toBe(isMissing ? 404 : 200)
    }
    for (const [method, path] of changes) expect((await world.as('nobody').request(method, path)).status).toBe(401)
    expect((await world.tags('acme/pub')).live.map((tag) => [tag.name, tag.digest])).toEqual([['v1', digest]])
  })
})

describe('what a registry token allows', () => {
  const repositories = ['acme/app', 'acme/pub', 'alice/own', 'dave/own']
  const asked = ['pull', 'push', 'pull,push', 'pull,push,*']
  /** What says that a client was let in: an answer about the thing, not about the client. */
  const acts: Record<string, (client: Client, name: string) => Promise<Response>> = {
    pull: (client, name) => client.request('HEAD', `/v2/${name}/manifests/v1`),
    push: (client, name) => client.request('POST', `/v2/${name}/blobs/uploads/`),
    delete: (client, name) => client.request('DELETE', `/v2/${name}/manifests/absent`),
  }
  const powers = async (client: Client) => {
    const held: string[] = []
    for (const name of repositories) {
      for (const [act, run] of Object.entries(acts)) {
        const { status } = await run(client, name)
        expect([200, 202, 401, 403, 404]).toContain(status)
        if (status !== 401 && status !== 403) held.push(`${act} ${name}`)
      }
    }
    return held
  }

  async function robot(world: World, rank: number) {
    const token = String(rank).repeat(64)
    const username = `acme+r${rank}`
    const row = newAccount('robot', username, {
      now: world.clock.now,
      tagExpirationSeconds: 0,
      ownerId: world.ids.acme,
      encryptedToken: await world.services.vault.seal('robot token', token),
    })
    await world.store.batch([world.store.insert(account).values(row)])
    const accountId = sql<number>`(select id from account where username = ${username})`
    const repositoryId = await world.repositoryId('acme/app')
    await world.store.batch([world.store.insert(repositoryGrant).values({ repositoryId, accountId, role: rank })])
    return basic(username, token)
  }
  const people: Person[] = ['alice', 'bob', 'carol', 'dave', 'auditor', 'admin']
  const scopes = ['repo:read', 'repo:write', 'repo:create', 'repo:admin', 'org:admin', 'user:read', everyScope]
  const parents: Record<string, (world: World) => Promise<Record<string, string>>> = {
    nobody: async () => ({}),
    ...Object.fromEntries(people.map((who) => [`the password of ${who}`, async () => basic(who, password)])),
    ...Object.fromEntries(
      scopes.map((scope) => [
        `a token of alice for ${scope}`,
        async (world: World) => basic('$oauthtoken', await world.token('alice', scope)),
      ]),
    ),
    ...Object.fromEntries([1, 2, 3].map((rank) => [`a robot of rank ${rank}`, (world: World) => robot(world, rank)])),
  }

  it.each(Object.keys(parents))('is never more than its parent and its scope do: %s', async (name) => {
    const world = await createWorld()
    for (const path of repositories) {
      const owner = path.startsWith('acme') ? 'bob' : (path.split('/')[0] as Person)
      await pushImage(world.as(owner), `${path}:v1`)
    }
    const headers = (await parents[name]?.(world)) ?? {}
    const parent = await powers(world.client(headers))
    for (const actions of asked) {
      const token = await tokenFor(world, headers, ...repositories.map((path) => `repository:${path}:${actions}`))
      const held = await powers(world.client(bearer(token)))
      expect(parent).toEqual(expect.arrayContaining(held))
      if (actions === 'pull') expect(held.filter((power) => !power.startsWith('pull'))).toEqual([])
      if (actions === 'pull,push,*') expect(held).toEqual(parent)
    }
    const nowhere = await powers(world.client(bearer(await tokenFor(world, headers, 'repository:acme/else:pull,push'))))
    expect(nowhere.filter((power) => power !== 'pull acme/pub')).toEqual([])
  })

  it.each<[string, (claims: Record<string, unknown>) => Record<string, unknown>, number]>([
    ['as it was issued', (claims) => claims, 200],
    ['without the time it was issued', ({ iat, ...claims }) => claims, 401],
    ['issued at no time', (claims) => ({ ...claims, iat: null }), 401],
    ['issued in the future', (claims) => ({ ...claims, iat: Number(claims.iat) + 600 }), 401],
    ['without an end', ({ exp, ...claims }) => claims, 401],
    ['that lives for a year', (claims) => ({ ...claims, exp: Number(claims.iat) + 31_536_000 }), 401],
    ['without a subject', ({ sub, ...claims }) => claims, 401],
    ['without a list of what it allows', ({ access, ...claims }) => claims, 401],
    [
      'that allows what nobody knows',
      (claims) => ({ ...claims, access: [{ type: 'repository', name: 'acme/app', actions: ['fly'] }] }),
      401,
    ],
    ['of another issuer', (claims) => ({ ...claims, iss: 'another' }), 401],
    ['that is not valid yet', (claims) => ({ ...claims, nbf: Number(claims.iat) + 600 }), 401],
  ])('is nothing by a token %s, though the key is right', async (_case, change, status) => {
    const world = await createWorld()
    await pushImage(world.as('bob'), 'acme/app:v1')
    const claims = decodeJwt(await tokenFor(world, basic('bob', password), 'repository:acme/app:pull'))
    const { kid, privateKey } = await signingKey(world.services)
    const token = await new SignJWT(change(claims))
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
      .sign(privateKey)
    const response = await world.client(bearer(token)).request('GET', '/v2/acme/app/manifests/v1')
    expect(response.status).toBe(status)
  })
})

describe('a repository that came after one of its name', () => {
  it('has none of its uploads, blobs, manifests or referrers', async () => {
    const world = await createWorld()
    const alice = world.as('alice')
    const old = await pushImage(alice, 'alice/x:v1', { layers: ['old'] })
    const signature = await pushImage(alice, 'alice/x', { layers: ['signature'], subject: old.digest })
    const begun = await alice.request('POST', '/v2/alice/x/blobs/uploads/')
    const location = begun.headers.get('location') ?? ''
    await alice.request('PATCH', location, bytesOf('half'))
    expect((await alice.request('DELETE', '/api/v1/repository/alice/x')).status).toBe(204)
    const half = await digestOf(bytesOf('half'))
    const session = async () => {
      for (const method of ['GET', 'PATCH', 'PUT', 'DELETE']) {
        const response = await alice.request(method, `${location}?digest=${half}`, method === 'PATCH' ? 'x' : undefined)
        expect([method, response.status]).toEqual([method, 404])
      }
    }
    await session()
    await pushBlob(alice, 'alice/x', 'new')
    await session()
    const oldLayer = await digestOf(bytesOf('old'))
    for (const tail of [
      'manifests/v1',
      `manifests/${old.digest}`,
      `manifests/${signature.digest}`,
      `blobs/${oldLayer}`,
    ]) {
      expect([tail, (await alice.request('HEAD', `/v2/alice/x/${tail}`)).status]).toEqual([tail, 404])
    }
    expect(await alice.get(`/v2/alice/x/referrers/${old.digest}`)).toMatchObject({ manifests: [] })
    expect(await alice.get('/v2/alice/x/tags/list')).toEqual({ name: 'alice/x', tags: [] })
    const mount = await alice.request('POST', `/v2/alice/y/blobs/uploads/?mount=${oldLayer}&from=alice/x`)
    expect(mount.status).toBe(202)
    const [sessions] = await world.store.batch([world.store.select({ offset: upload.offsetBytes }).from(upload)])
    expect(sessions).toContainEqual({ offset: 4 })
  })
})
