import { eq, sql } from 'drizzle-orm'
import { base64url, decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { newAccount } from '../../../src/domain/namespace/newAccount.ts'
import { sealPassword } from '../../../src/domain/token/password.ts'
import { createVault } from '../../../src/domain/token/vault.ts'
import {
  accessToken,
  account,
  appToken,
  repository,
  repositoryBlob,
  repositoryGrant,
  serviceKey,
} from '../../../src/store/schema.ts'
import { basic, bytesOf, errorCode, pushBlob, pushImage } from '../../support/push.ts'
import { digestOf } from '../../support/seedImage.ts'
import { createWorld, everyScope, origin, type Person, password, type World } from '../../support/world.ts'

/** An instant after the worlds' beginning. */
const at = (seconds: number) => new Date(Date.parse('2026-03-01T12:00:00.250Z') + seconds * 1000)
const scopeOf = (...scopes: string[]) => scopes.map((scope) => `&scope=${encodeURIComponent(scope)}`).join('')
const service = 'registry.test'

async function ask(world: World, headers: Record<string, string>, ...scopes: string[]) {
  return world.client(headers).request('GET', `/v2/auth?service=${service}${scopeOf(...scopes)}`)
}

async function tokenFor(world: World, headers: Record<string, string>, ...scopes: string[]): Promise<string> {
  const response = await ask(world, headers, ...scopes)
  const text = await response.text()
  expect(response.status, text).toBe(200)
  const body = JSON.parse(text) as { token: string }
  expect(Object.keys(body)).toEqual(['token'])
  return body.token
}

interface Access {
  name: string
  actions: string[]
}
const accessOf = (token: string) =>
  (decodeJwt(token).access as Access[]).map(({ name, actions }) => [name, actions.join(',')])
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const as = (who: Person) => basic(who, password)

/** A robot of a namespace, with its token. */
async function addRobot(world: World, name: string, owner: keyof World['ids'], role?: { on: string; rank: number }) {
  const token = 'R'.repeat(64)
  const username = `${owner}+${name}`
  const row = newAccount('robot', username, {
    now: world.clock.now,
    tagExpirationSeconds: 0,
    ownerId: world.ids[owner],
    encryptedToken: await world.services.vault.seal('robot token', token),
  })
  await world.store.batch([world.store.insert(account).values(row)])
  if (role) {
    await world.store.batch([
      world.store.insert(repositoryGrant).values({
        repositoryId: await world.repositoryId(role.on),
        accountId: sql`(select id from account where username = ${username})`,
        role: role.rank,
      }),
    ])
  }
  return { username, token }
}

async function addAppToken(world: World, owner: Person, expiresAt: Date | null = null) {
  const lookup = 'A'.repeat(60)
  const secret = 'B'.repeat(60)
  await world.store.batch([
    world.store.insert(appToken).values({
      uuid: crypto.randomUUID(),
      accountId: world.ids[owner],
      title: 'laptop',
      lookup,
      encryptedSecret: await world.services.vault.seal('app token', secret),
      createdAt: world.clock.now,
      expiresAt,
    }),
  ])
  return lookup + secret
}

describe('a registry token', () => {
  it.each<{ case: string; as: Person | 'nobody'; scopes: string[]; granted: string[][] }>([
    {
      case: 'everything, to an owner',
      as: 'alice',
      scopes: ['repository:acme/app:pull,push,*'],
      granted: [['acme/app', 'push,pull,*']],
    },
    {
      case: 'push and pull, to a writer',
      as: 'bob',
      scopes: ['repository:acme/app:pull,push,*'],
      granted: [['acme/app', 'push,pull']],
    },
    {
      case: 'pull, to a reader',
      as: 'carol',
      scopes: ['repository:acme/app:pull,push'],
      granted: [['acme/app', 'pull']],
    },
    {
      case: 'nothing, to a stranger',
      as: 'dave',
      scopes: ['repository:acme/app:pull,push'],
      granted: [['acme/app', '']],
    },
    {
      case: 'pull of what is public, to a stranger',
      as: 'dave',
      scopes: ['repository:acme/pub:pull,push'],
      granted: [['acme/pub', 'pull']],
    },
    {
      case: 'nothing, to a superuser without full access',
      as: 'admin',
      scopes: ['repository:acme/app:pull'],
      granted: [['acme/app', '']],
    },
    {
      case: 'pull, to a read-only superuser',
      as: 'auditor',
      scopes: ['repository:acme/app:pull,push'],
      granted: [['acme/app', 'pull']],
    },
    {
      case: 'pull of what is public, to anybody',
      as: 'nobody',
      scopes: ['repository:acme/pub:pull,push'],
      granted: [['acme/pub', 'pull']],
    },
    {
      case: 'nothing of what is private, to anybody',
      as: 'nobody',
      scopes: ['repository:acme/app:pull'],
      granted: [['acme/app', '']],
    },
    {
      case: 'nothing in a namespace that is not there',
      as: 'alice',
      scopes: ['repository:nowhere/x:pull,push'],
      granted: [['nowhere/x', '']],
    },
    {
      case: 'nothing of a foreign repository that is not there',
      as: 'dave',
      scopes: ['repository:acme/new:pull,push'],
      granted: [['acme/new', '']],
    },
    {
      case: 'each scope its own',
      as: 'bob',
      scopes: ['repository:acme/app:push', 'repository:alice/x:pull', 'repository:acme/pub:pull'],
      granted: [
        ['acme/app', 'push'],
        ['alice/x', ''],
        ['acme/pub', 'pull'],
      ],
    },
    {
      case: 'what was asked with a host in front',
      as: 'bob',
      scopes: [`repository:${service}/acme/app:pull`],
      granted: [[`${service}/acme/app`, 'pull']],
    },
    {
      case: 'push, where a client asks to delete',
      as: 'bob',
      scopes: ['repository:acme/app:delete'],
      granted: [['acme/app', 'push']],
    },
    { case: 'nothing at a login', as: 'bob', scopes: [], granted: [] },
  ])('allows $case', async ({ as: who, scopes, granted }) => {
    const world = await createWorld()
    const token = await tokenFor(world, who === 'nobody' ? {} : as(who), ...scopes)
    expect(accessOf(token)).toEqual(granted)
  })

  it('says who it is for, in Quay’s words, and ends in an hour', async () => {
    const world = await createWorld()
    const token = await tokenFor(world, as('bob'), 'repository:acme/app:pull')
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'RS256', typ: 'JWT', kid: expect.any(String) })
    const claims = decodeJwt(token)
    const now = Math.floor(world.clock.now.getTime() / 1000)
    expect(claims).toMatchObject({ iss: 'quay', aud: service, sub: 'bob', iat: now, nbf: now, exp: now + 3600 })
    expect(claims.context).toMatchObject({
      version: 2,
      entity_kind: 'user',
      kind: 'user',
      user: 'bob',
      'com.apostille.roots': { 'acme/app': '$disabled' },
    })
    const anonymous = decodeJwt(await tokenFor(world, {}, 'repository:acme/pub:pull'))
    expect([anonymous.sub, Object.keys(anonymous.context as object)]).toEqual([
      '(anonymous)',
      ['com.apostille.roots', 'com.apostille.root'],
    ])
    const response = await ask(world, as('bob'))
    expect(response.headers.get('cache-control')).toBe('no-cache, no-store, must-revalidate')
  })

  it.each<{
    case: string
    headers: Record<string, string>
    scopes: string[]
    status: number
    code: string
    text?: string
  }>([
    { case: 'nobody, for nothing', headers: {}, scopes: [], status: 401, code: 'UNAUTHORIZED' },
    {
      case: 'a wrong password',
      headers: basic('bob', 'wrong-password'),
      scopes: [],
      status: 401,
      code: 'UNAUTHORIZED',
      text: 'Invalid Username or Password',
    },
    {
      case: 'somebody unknown',
      headers: basic('nemo', password),
      scopes: [],
      status: 401,
      code: 'UNAUTHORIZED',
      text: 'Invalid Username or Password',
    },
    {
      case: 'an organization',
      headers: basic('acme', password),
      scopes: [],
      status: 401,
      code: 'UNAUTHORIZED',
      text: 'Invalid Username or Password',
    },
    {
      case: 'a robot that is not there',
      headers: basic('acme+nemo', 'x'),
      scopes: [],
      status: 401,
      code: 'UNAUTHORIZED',
      text: 'Could not find robot with specified username',
    },
    {
      case: 'an OAuth token that is not there',
      headers: basic('$oauthtoken', 'x'.repeat(40)),
      scopes: [],
      status: 401,
      code: 'UNAUTHORIZED',
      text: 'OAuth access token could not be validated',
    },
    {
      case: 'an app token that is not there',
      headers: basic('$app', 'X'.repeat(120)),
      scopes: [],
      status: 401,
      code: 'UNAUTHORIZED',
      text: 'Invalid token',
    },
    ...[
      { case: 'an access token of a repository', user: '$token', secret: 'x'.repeat(64), text: 'Invalid access token' },
      { case: 'an app token of the wrong length', user: '$app', secret: 'X', text: 'Invalid token' },
      {
        case: 'an OAuth token of the wrong length',
        user: '$oauthtoken',
        secret: 'x',
        text: 'OAuth access token could not be validated',
      },
    ].map(({ user, secret, ...row }) => ({
      ...row,
      headers: basic(user, secret),
      scopes: [],
      status: 401,
      code: 'UNAUTHORIZED',
    })),
    {
      case: 'a header that is none',
      headers: { authorization: 'Basic !' },
      scopes: ['repository:acme/pub:pull'],
      status: 401,
      code: 'UNAUTHORIZED',
    },
    {
      case: 'a bearer token',
      headers: { authorization: 'Bearer x' },
      scopes: ['repository:acme/pub:pull'],
      status: 401,
      code: 'UNAUTHORIZED',
    },
    {
      case: 'the catalog',
      headers: as('bob'),
      scopes: ['registry:catalog:*'],
      status: 400,
      code: 'INVALID_REQUEST',
      text: 'Unable to decode repository and actions: registry:catalog:*',
    },
    {
      case: 'two scopes in one',
      headers: as('bob'),
      scopes: ['repository:acme/app:pull repository:acme/pub:pull'],
      status: 400,
      code: 'INVALID_REQUEST',
    },
    {
      case: 'a name that is none',
      headers: as('bob'),
      scopes: ['repository:acme/App:pull'],
      status: 400,
      code: 'NAME_INVALID',
    },
  ])('is not given to $case', async ({ headers, scopes, status, code, text }) => {
    const world = await createWorld()
    const response = await ask(world, headers, ...scopes)
    const body = (await response.json()) as { errors: { code: string; message: string }[] }
    expect([response.status, body.errors[0]?.code]).toEqual([status, code])
    if (text) expect(body.errors[0]?.message).toBe(text)
    expect(response.headers.has('www-authenticate')).toBe(status === 401)
  })

  it('is given to everything that docker login can send', async () => {
    const world = await createWorld()
    const robot = await addRobot(world, 'ci', 'acme', { on: 'acme/app', rank: 2 })
    const sealed = await sealPassword(world.services.vault, password)
    const appSecret = await addAppToken(world, 'bob')
    const oauth = await world.token('bob', 'repo:read')
    const scope = 'repository:acme/app:pull,push'
    const logins: [string, string, string, string][] = [
      ['bob', password, 'push,pull', 'user'],
      ['bob@example.com', password, 'push,pull', 'user'],
      ['bob', sealed, 'push,pull', 'user'],
      [robot.username, robot.token, 'push,pull', 'robot'],
      ['$app', appSecret, 'push,pull', 'appspecifictoken'],
      ['$oauthtoken', oauth, 'pull', 'oauthtoken'],
    ]
    for (const [user, secret, actions, kind] of logins) {
      const token = await tokenFor(world, basic(user, secret), scope)
      expect([user, accessOf(token)]).toEqual([user, [['acme/app', actions]]])
      expect((decodeJwt(token).context as { entity_kind: string }).entity_kind).toBe(kind)
    }
  })

  it('says of a login in the log, and of nothing else', async () => {
    const world = await createWorld()
    await tokenFor(world, as('bob'), 'repository:acme/app:pull')
    expect(await world.events()).toHaveLength(0)
    const robot = await addRobot(world, 'ci', 'acme')
    await tokenFor(world, { ...as('bob'), 'user-agent': 'docker/1' })
    await tokenFor(world, basic(robot.username, robot.token))
    expect((await world.events()).map((event) => [event.kind, event.metadata])).toEqual([
      ['login_success', { kind: 'user', type: 'v2auth', useragent: 'docker/1' }],
      ['login_success', { kind: 'robot', robot: robot.username, type: 'v2auth', useragent: '' }],
    ])
  })

  it('is given to nobody for a while after wrong passwords, not even for the right one', async () => {
    const world = await createWorld()
    for (const wait of [600, 1600]) {
      expect((await ask(world, basic('bob', 'wrong-password'))).status).toBe(401)
      const early = await ask(world, as('bob'))
      expect([early.status, await errorCode(early)]).toEqual([429, 'TOOMANYREQUESTS'])
      expect(early.headers.get('retry-after')).toMatch(/^\d+$/)
      world.tick(wait)
    }
    expect((await ask(world, as('bob'))).status).toBe(200)
  })
})

describe('the keys that sign tokens', () => {
  const keys = '/keys/services/quay/keys'
  /** A registry whose first token has not been signed yet. */
  const freshRegistry = async () => {
    const world = await createWorld()
    const services = { ...world.services, vault: createVault('a secret of one test alone') }
    return { world, services, anybody: world.client({}, services), bob: world.client(as('bob'), services) }
  }

  it('are asked once about a token, which ends on time all the same', async () => {
    const { world, bob, services } = await freshRegistry()
    await pushImage(world.as('bob'), 'acme/app:v1')
    const { token } = await bob.get<{ token: string }>(
      `/v2/auth?service=${service}${scopeOf('repository:acme/app:pull')}`,
    )
    const pull = async () => {
      const pulling = world.client(bearer(token), services)
      return (await pulling.request('GET', '/v2/acme/app/manifests/v1')).status
    }
    world.tick(3_400_000)
    expect(await pull()).toBe(200)
    world.tick(229_000)
    expect(await pull()).toBe(200)
    world.tick(1000)
    expect(await pull()).toBe(401)
  })

  it('are published where Quay publishes them, and tokens verify against them', async () => {
    const { anybody, bob } = await freshRegistry()
    const { keys: published } = await anybody.get<{ keys: Record<string, string>[] }>(keys)
    expect(published).toEqual([{ kty: 'RSA', n: expect.any(String), e: 'AQAB', kid: expect.any(String) }])
    const { token } = await bob.get<{ token: string }>(
      `/v2/auth?service=${service}${scopeOf('repository:acme/app:pull')}`,
    )
    const { kid } = decodeProtectedHeader(token)
    const one = await anybody.request('GET', `${keys}/${kid}`)
    expect(one.headers.get('cache-control')).toBe('public, max-age=86400')
    const jwk = (await one.json()) as JsonWebKey
    expect(jwk).toEqual(published[0])

    // By the platform's own cryptography: nothing of the library that signed.
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
    const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify'])
    const [head, body, signature = ''] = token.split('.')
    const bytes = Uint8Array.from(atob(signature.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
    const verifies = (text: string) => crypto.subtle.verify(algorithm.name, key, bytes, bytesOf(text))
    expect([await verifies(`${head}.${body}`), await verifies(`${head}.${body}x`)]).toEqual([true, false])
  })

  it.each<{ case: string; set: Partial<typeof serviceKey.$inferInsert>; path?: string; status: number }>([
    { case: 'one that ends soon is kept no longer than that', set: { expiresAt: at(60) }, status: 200 },
    { case: 'one that has run out', set: { expiresAt: at(0) }, status: 403 },
    { case: 'one that nobody approved', set: { approvedAt: null }, status: 409 },
    { case: 'one of another service', set: {}, path: 'other', status: 404 },
  ])('tell of $case: $status', async ({ set, path = 'scanner', status }) => {
    const world = await createWorld()
    const row = { kid: 'abc', service: 'scanner', publicJwk: { kty: 'RSA' }, metadata: {}, approvedAt: at(0) }
    await world.store.batch([world.store.insert(serviceKey).values({ ...row, createdAt: at(0), ...set })])
    const response = await world.as('nobody').request('GET', `/keys/services/${path}/keys/abc`)
    expect(response.status).toBe(status)
    const { keys: listed } = await world.as('nobody').get<{ keys: unknown[] }>(`/keys/services/${path}/keys`)
    expect(listed).toHaveLength(status === 200 ? 1 : 0)
    if (status === 200) expect(response.headers.get('cache-control')).toBe('public, max-age=60')
  })
})

describe('a push to a name that is not there', () => {
  it.each<{ case: string; as: Person; path: string; created: boolean }>([
    { case: 'by the owner of the namespace', as: 'dave', path: 'dave/new/deep', created: true },
    { case: 'by an admin of the organization', as: 'alice', path: 'acme/new', created: true },
    { case: 'not by a member', as: 'bob', path: 'acme/new', created: false },
    { case: 'not by a stranger', as: 'dave', path: 'acme/new', created: false },
  ])('creates it, with a token and without: $case', async ({ as: who, path, created }) => {
    for (const direct of [true, false]) {
      const world = await createWorld()
      const headers = direct ? as(who) : bearer(await tokenFor(world, as(who), `repository:${path}:pull,push`))
      const response = await world.client(headers).request('POST', `/v2/${path}/blobs/uploads/`)
      expect(response.status).toBe(created ? 202 : direct ? 403 : 401)
      if (created) {
        const [[row]] = await world.store.batch([
          world.store
            .select()
            .from(repository)
            .where(eq(repository.id, await world.repositoryId(path))),
        ])
        expect(row?.isPublic).toBe(false)
      } else {
        await expect(world.repositoryId(path)).rejects.toThrow('no repository')
      }
      expect(await world.events()).toHaveLength(0)
    }
  })

  it('needs a token of the right scope', async () => {
    const world = await createWorld()
    const begin = async (scope: string) =>
      (await (await world.withScope('alice', scope)).request('POST', '/v2/acme/new/blobs/uploads/')).status
    expect(await begin('repo:admin')).toBe(404)
    expect(await begin('repo:create repo:write')).toBe(202)
  })

  it('is public where the registry says so, and never by pulling', async () => {
    const world = await createWorld({ settings: { CREATE_PRIVATE_REPO_ON_PUSH: 'false' } })
    await tokenFor(world, as('alice'), 'repository:alice/x:pull')
    await expect(world.repositoryId('alice/x')).rejects.toThrow('no repository')
    await tokenFor(world, as('alice'), 'repository:alice/x:pull,push')
    const [[row]] = await world.store.batch([
      world.store
        .select()
        .from(repository)
        .where(eq(repository.id, await world.repositoryId('alice/x'))),
    ])
    expect(row?.isPublic).toBe(true)
  })

  it('creates the namespace too, where the registry says so', async () => {
    const world = await createWorld({ settings: { CREATE_NAMESPACE_ON_PUSH: 'true' } })
    expect(accessOf(await tokenFor(world, as('dave'), 'repository:fresh/x:pull,push'))).toEqual([
      ['fresh/x', 'push,pull'],
    ])
    const bad = await ask(world, as('dave'), 'repository:a__b/x:pull,push')
    expect([bad.status, await errorCode(bad)]).toEqual([405, 'UNSUPPORTED'])
  })
})

describe('access to /v2', () => {
  const blob = async () => digestOf(bytesOf('layer'))
  const reads = async () => [
    '/v2/acme/app/manifests/v1',
    `/v2/acme/app/blobs/${await blob()}`,
    '/v2/acme/app/tags/list',
    `/v2/acme/app/referrers/${await blob()}`,
  ]

  it.each<{ as: Person | 'nobody'; status: number }>([
    { as: 'alice', status: 200 },
    { as: 'bob', status: 200 },
    { as: 'carol', status: 200 },
    { as: 'auditor', status: 200 },
    { as: 'dave', status: 403 },
    { as: 'admin', status: 403 },
    { as: 'nobody', status: 401 },
  ])('to read a private repository: $as', async ({ as: who, status }) => {
    const world = await createWorld()
    await pushImage(world.as('bob'), 'acme/app:v1')
    for (const path of await reads()) {
      for (const method of ['GET', 'HEAD']) {
        const response = await world.as(who).request(method, path)
        expect([method, path, response.status]).toEqual([method, path, status])
        if (status === 401)
          expect(response.headers.get('www-authenticate')).toBe(
            `Bearer realm="${origin}/v2/auth",service="${service}",scope="repository:acme/app:pull"`,
          )
      }
    }
    if (who === 'nobody') return
    const token = await tokenFor(world, as(who), 'repository:acme/app:pull')
    for (const path of await reads())
      expect((await world.client(bearer(token)).request('GET', path)).status).toBe(status === 403 ? 401 : status)
  })

  it('to a public repository is anybody’s to read, with a token and without, and nobody’s to write', async () => {
    const world = await createWorld()
    await pushImage(world.as('bob'), 'acme/pub:v1')
    const token = await tokenFor(world, {}, 'repository:acme/pub:pull')
    for (const client of [world.as('nobody'), world.client(bearer(token)), world.as('dave')]) {
      for (const path of await reads())
        expect((await client.request('GET', path.replace('app', 'pub'))).status).toBe(200)
      expect([401, 403]).toContain((await client.request('POST', '/v2/acme/pub/blobs/uploads/')).status)
    }
    const closed = await createWorld({ settings: { FEATURE_ANONYMOUS_ACCESS: 'false' } })
    expect((await closed.as('nobody').request('GET', '/v2/acme/pub/tags/list')).status).toBe(401)
    expect((await ask(closed, {}, 'repository:acme/pub:pull')).status).toBe(401)
  })

  it('is what the token allows, and not what its owner could', async () => {
    const world = await createWorld()
    await pushImage(world.as('bob'), 'acme/app:v1')
    const pullOnly = world.client(bearer(await tokenFor(world, as('alice'), 'repository:acme/app:pull')))
    expect((await pullOnly.request('GET', '/v2/acme/app/manifests/v1')).status).toBe(200)
    for (const [method, path] of [
      ['POST', '/v2/acme/app/blobs/uploads/'],
      ['DELETE', '/v2/acme/app/manifests/v1'],
      ['PUT', '/v2/acme/app/manifests/v2'],
    ] as const) {
      expect((await pullOnly.request(method, path)).status).toBe(401)
    }
    const elsewhere = world.client(bearer(await tokenFor(world, as('alice'), 'repository:acme/pub:pull,push')))
    expect((await elsewhere.request('GET', '/v2/acme/app/manifests/v1')).status).toBe(401)
    const readScope = await world.token('alice', 'repo:read')
    const exchanged = world.client(
      bearer(await tokenFor(world, basic('$oauthtoken', readScope), 'repository:acme/app:pull,push,*')),
    )
    expect((await exchanged.request('GET', '/v2/acme/app/manifests/v1')).status).toBe(200)
    expect((await exchanged.request('POST', '/v2/acme/app/blobs/uploads/')).status).toBe(401)
  })

  it.each<{
    case: string
    end: (world: World) => Promise<unknown>
    login?: (world: World) => Promise<Record<string, string>>
  }>([
    { case: 'the right is taken away', end: (world) => world.store.batch([world.store.delete(repositoryGrant)]) },
    {
      case: 'the account is disabled',
      end: (world) =>
        world.store.batch([world.store.update(account).set({ enabled: false }).where(eq(account.username, 'bob'))]),
    },
    {
      case: 'the password is changed',
      end: (world) =>
        world.store.batch([
          world.store.update(account).set({ uuid: crypto.randomUUID() }).where(eq(account.username, 'bob')),
        ]),
    },
    {
      case: 'the namespace is disabled',
      end: (world) =>
        world.store.batch([world.store.update(account).set({ enabled: false }).where(eq(account.username, 'acme'))]),
    },
    {
      case: 'its OAuth token is revoked',
      login: async (world) => basic('$oauthtoken', await world.token('bob', everyScope)),
      end: (world) => world.store.batch([world.store.delete(accessToken)]),
    },
    {
      case: 'its app token is revoked',
      login: async (world) => basic('$app', await addAppToken(world, 'bob')),
      end: (world) => world.store.batch([world.store.delete(appToken)]),
    },
    {
      case: 'its robot gets another token',
      login: async (world) => {
        const robot = await addRobot(world, 'ci', 'acme', { on: 'acme/app', rank: 2 })
        return basic(robot.username, robot.token)
      },
      end: async (world) => {
        const encryptedToken = await world.services.vault.seal('robot token', 'S'.repeat(64))
        return world.store.batch([world.store.update(account).set({ encryptedToken }).where(eq(account.kind, 'robot'))])
      },
    },
  ])('ends with its parent: $case', async ({ end, login }) => {
    const world = await createWorld()
    await pushImage(world.as('bob'), 'acme/app:v1')
    const client = world.client(
      bearer(await tokenFor(world, login ? await login(world) : as('bob'), 'repository:acme/app:pull,push')),
    )
    expect((await client.request('GET', '/v2/acme/app/manifests/v1')).status).toBe(200)
    await end(world)
    for (const [method, path] of [
      ['GET', '/v2/acme/app/manifests/v1'],
      ['POST', '/v2/acme/app/blobs/uploads/'],
    ] as const) {
      expect([method, (await client.request(method, path)).status]).toEqual([method, 401])
    }
  })

  it('through a token of a repository that is gone opens nothing in its successor, nor by a mount', async () => {
    const world = await createWorld()
    await pushImage(world.as('alice'), 'alice/x:v1', { layers: ['old'] })
    const old = world.client(
      bearer(await tokenFor(world, as('alice'), 'repository:alice/x:pull,push', 'repository:alice/y:pull,push')),
    )
    expect((await old.request('GET', '/v2/alice/x/manifests/v1')).status).toBe(200)
    expect((await world.as('alice').request('DELETE', '/api/v1/repository/alice/x')).status).toBe(204)
    await pushImage(world.as('alice'), 'alice/x:v1', { layers: ['new'] })
    expect((await old.request('GET', '/v2/alice/x/manifests/v1')).status).toBe(401)
    expect((await old.request('POST', '/v2/alice/x/blobs/uploads/')).status).toBe(401)
    const mount = await old.request(
      'POST',
      `/v2/alice/y/blobs/uploads/?mount=${await digestOf(bytesOf('new'))}&from=alice/x`,
    )
    expect(mount.status).toBe(202)
  })

  it('is not for tokens that others made', async () => {
    const world = await createWorld()
    await pushImage(world.as('bob'), 'acme/app:v1')
    const good = await tokenFor(world, as('bob'), 'repository:acme/app:pull')
    const { kid } = decodeProtectedHeader(good)
    const claims = decodeJwt(good)
    const foreign = await generateKeyPair('RS256', { extractable: true })
    const jwk = await exportJWK(foreign.publicKey)
    const [[key]] = await world.store.batch([world.store.select().from(serviceKey)])
    const signed = (header: Record<string, unknown>, body: Record<string, unknown> = claims) =>
      new SignJWT(body).setProtectedHeader({ alg: 'RS256', ...header }).sign(foreign.privateKey)
    const [head, body, signature] = good.split('.') as [string, string, string]
    const edited = base64url.encode(
      JSON.stringify({ ...claims, access: [{ type: 'repository', name: 'acme/app', actions: ['push'] }] }),
    )
    const hmac = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid })
      .sign(bytesOf(JSON.stringify(key?.publicJwk ?? 'a key of the test')))
    const none = `${base64url.encode(JSON.stringify({ alg: 'none', kid }))}.${body}.`
    const forged = [
      await signed({ kid }),
      await signed({ kid, jwk }),
      await signed({ kid: 'another', jwk }),
      await signed({}),
      `${head}.${edited}.${signature}`,
      hmac,
      none,
      'a.b.c',
      '..',
      `${good}x`,
    ]
    for (const token of forged) {
      const response = await world.client(bearer(token)).request('GET', '/v2/acme/app/manifests/v1')
      expect([token, response.status, await errorCode(response)]).toEqual([token, 401, 'UNAUTHORIZED'])
    }
    expect((await world.client(bearer(good)).request('GET', '/v2/acme/app/manifests/v1')).status).toBe(200)
    world.tick(3_640_000)
    expect((await world.client(bearer(good)).request('GET', '/v2/acme/app/manifests/v1')).status).toBe(401)
  })

  it('is not for tokens of another registry', async () => {
    const world = await createWorld()
    await pushImage(world.as('bob'), 'acme/app:v1')
    const response = await world
      .client(as('bob'))
      .request('GET', `/v2/auth?service=elsewhere.test${scopeOf('repository:acme/app:pull')}`)
    const { token } = (await response.json()) as { token: string }
    expect((await world.client(bearer(token)).request('GET', '/v2/acme/app/manifests/v1')).status).toBe(401)
  })
})

describe('a mount', () => {
  it.each<{ case: string; as: Person; from: string; status: number }>([
    { case: 'from where the caller may read', as: 'alice', from: 'acme/app', status: 201 },
    { case: 'from what is public', as: 'dave', from: 'acme/pub', status: 201 },
    { case: 'not from where it may not', as: 'dave', from: 'acme/app', status: 202 },
    { case: 'not from a repository that lacks the blob', as: 'alice', from: 'acme/empty', status: 202 },
    { case: 'from anywhere public, where no source is named', as: 'alice', from: '', status: 201 },
  ])('links a blob $case', async ({ as: who, from, status }) => {
    const world = await createWorld()
    const digest = await pushBlob(world.as('bob'), 'acme/app', 'shared')
    await pushBlob(world.as('bob'), 'acme/pub', 'shared')
    const scopes = [`repository:${who}/own:pull,push`, ...(from ? [`repository:${from}:pull`] : [])]
    for (const headers of [as(who), bearer(await tokenFor(world, as(who), ...scopes))]) {
      const client = world.client(headers)
      const query = `mount=${digest}${from && `&from=${from}`}`
      const response = await client.request('POST', `/v2/${who}/own/blobs/uploads/?${query}`)
      expect(response.status, await response.text()).toBe(status)
      expect((await client.request('HEAD', `/v2/${who}/own/blobs/${digest}`)).status).toBe(status === 201 ? 200 : 404)
      if (status === 201) {
        expect(response.headers.get('location')).toBe(`/v2/${who}/own/blobs/${digest}`)
        await world.store.batch([
          world.store
            .delete(repositoryBlob)
            .where(eq(repositoryBlob.repositoryId, await world.repositoryId(`${who}/own`))),
        ])
      }
    }
  })

  it('needs a token that reaches the source', async () => {
    const world = await createWorld()
    const digest = await pushBlob(world.as('bob'), 'acme/app', 'shared')
    const client = world.client(bearer(await tokenFor(world, as('alice'), 'repository:alice/own:pull,push')))
    expect((await client.request('POST', `/v2/alice/own/blobs/uploads/?mount=${digest}&from=acme/app`)).status).toBe(
      202,
    )
  })

  it('without a source finds nothing that is not public, not even the caller’s own', async () => {
    const world = await createWorld()
    const alice = world.as('alice')
    const digest = await pushBlob(alice, 'acme/app', 'shared')
    const mount = `/v2/alice/own/blobs/uploads/?mount=${digest}`
    expect((await alice.request('POST', mount)).status).toBe(202)
    await pushBlob(alice, 'acme/pub', 'shared')
    await world.store.batch([world.store.update(account).set({ enabled: false }).where(eq(account.username, 'acme'))])
    expect((await alice.request('POST', mount)).status).toBe(202)
    expect((await alice.request('HEAD', `/v2/alice/own/blobs/${digest}`)).status).toBe(404)
  })

  it('without a source finds nothing by a token where the registry is not for anonymous readers', async () => {
    const world = await createWorld({ settings: { FEATURE_ANONYMOUS_ACCESS: 'false' } })
    const digest = await pushBlob(world.as('bob'), 'acme/pub', 'shared')
    const client = world.client(bearer(await tokenFor(world, as('alice'), 'repository:alice/own:pull,push')))
    expect((await client.request('POST', `/v2/alice/own/blobs/uploads/?mount=${digest}`)).status).toBe(202)
  })

  it('is not needed where the repository has the blob', async () => {
    const world = await createWorld()
    const digest = await pushBlob(world.as('bob'), 'acme/app', 'own')
    expect((await world.as('bob').request('POST', `/v2/acme/app/blobs/uploads/?mount=${digest}`)).status).toBe(201)
  })
})

describe('a repository that takes no changes', () => {
  it.each(['READ_ONLY', 'MIRROR'] as const)('can be read: %s', async (state) => {
    const world = await createWorld()
    await pushImage(world.as('bob'), 'acme/app:v1')
    await world.store.batch([world.store.update(repository).set({ state })])
    expect(accessOf(await tokenFor(world, as('alice'), 'repository:acme/app:pull,push,*'))).toEqual([
      ['acme/app', 'pull'],
    ])
    expect((await world.as('bob').request('GET', '/v2/acme/app/manifests/v1')).status).toBe(200)
    const refused = await world.as('bob').request('POST', '/v2/acme/app/blobs/uploads/')
    expect([refused.status, await errorCode(refused)]).toEqual([405, 'DENIED'])
  })

  it.each<{ case: string; close: (world: World) => Promise<World['services']> }>([
    ...(['READ_ONLY', 'MIRROR', 'ORG_MIRROR', 'MARKED_FOR_DELETION'] as const).map((state) => ({
      case: state,
      close: async ({ store, services }: World) => {
        await store.batch([store.update(repository).set({ state })])
        return services
      },
    })),
    {
      case: 'the registry’s own state',
      close: async ({ services }) => ({ ...services, settings: { ...services.settings, REGISTRY_STATE: 'readonly' } }),
    },
  ])('refuses every verb that changes it: $case', async ({ close }) => {
    const world = await createWorld()
    const bob = world.as('bob')
    const { digest, text } = await pushImage(bob, 'acme/app:v1')
    await pushBlob(bob, 'acme/pub', 'other')
    const spare = await pushBlob(bob, 'acme/app', 'spare')
    const begun = (await bob.request('POST', '/v2/acme/app/blobs/uploads/')).headers.get('location') ?? ''
    const services = await close(world)
    const [before, told] = [await world.tags('acme/app'), await world.events()]
    const other = await digestOf(bytesOf('other'))
    const uploads = '/v2/acme/app/blobs/uploads/'
    const verbs: [string, string, string?][] = [
      ['POST', uploads],
      ['POST', `${uploads}?digest=${other}`, 'other'],
      ['POST', `${uploads}?mount=${other}&from=acme/pub`],
      ['PATCH', begun, 'x'],
      ['PUT', `${begun}?digest=${other}`, 'other'],
      ['DELETE', begun],
      ['PUT', '/v2/acme/app/manifests/v2', text],
      ['PUT', `/v2/acme/app/manifests/${digest}?tag=v2`, text],
      ['DELETE', '/v2/acme/app/manifests/v1'],
      ['DELETE', `/v2/acme/app/manifests/${digest}`],
      ['DELETE', `/v2/acme/app/blobs/${spare}`],
    ]
    for (const [method, path, body] of verbs) {
      const type = 'application/vnd.oci.image.manifest.v1+json'
      const client = world.client(bob.identity, services)
      const refused = await client.request(method, path, body, { 'content-type': type })
      expect([method, path, refused.status, await errorCode(refused)]).toEqual([method, path, 405, 'DENIED'])
    }
    expect([await world.tags('acme/app'), await world.events()]).toEqual([before, told])
    for (const path of [`blobs/${spare}`, 'manifests/v1', `manifests/${digest}`]) {
      expect((await world.as('carol').request('HEAD', `/v2/acme/app/${path}`)).status).toBe(200)
    }
    expect((await world.as('carol').request('HEAD', `/v2/acme/app/blobs/${other}`)).status).toBe(404)
  })

  it('is every one of a registry that is read-only', async () => {
    const world = await createWorld({ settings: { REGISTRY_STATE: 'readonly' } })
    expect((await world.as('bob').request('POST', '/v2/acme/app/blobs/uploads/')).status).toBe(405)
    expect((await world.as('alice').request('POST', '/v2/alice/new/blobs/uploads/')).status).not.toBe(202)
    await expect(world.repositoryId('alice/new')).rejects.toThrow('no repository')
  })
})
