import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { createWorld, type World } from '../../../support/world.ts'

const host = 'issuer.example.com'
const issuer = `https://${host}`
const subject = 'repo:acme/app:ref:refs/heads/main'
const robots = '/api/v1/organization/acme/robots'
const pull = 'repository:acme/app:pull,push'

let keys: CryptoKeyPair
let others: CryptoKeyPair
beforeAll(async () => {
  keys = (await generateKeyPair('RS256', { extractable: true })) as CryptoKeyPair
  others = (await generateKeyPair('RS256', { extractable: true })) as CryptoKeyPair
})

interface IssuerSays {
  configuration?: unknown
  jwksUri?: string
  kid?: string
}

/** An OpenID issuer, as far as anybody has to ask it. */
async function openIssuer(world: World, { configuration, jwksUri, kid = 'k1' }: IssuerSays = {}) {
  const asked: string[] = []
  world.sites[host] = async (request) => {
    const { pathname } = new URL(request.url)
    asked.push(pathname)
    if (pathname === '/.well-known/openid-configuration')
      return Response.json(configuration ?? { issuer, jwks_uri: jwksUri ?? `${issuer}/keys` })
    return Response.json({ keys: [{ ...(await exportJWK(keys.publicKey)), kid, alg: 'RS256' }] })
  }
  return asked
}

async function federated(says?: IssuerSays) {
  const world = await createWorld()
  const asked = await openIssuer(world, says)
  await world.arrange(
    'alice',
    `PUT ${robots}/ci`,
    ['PUT /api/v1/repository/acme/app/permissions/user/acme+ci', { role: 'write' }],
    [`POST ${robots}/ci/federation`, [{ issuer, subject }]],
  )
  return { world, asked }
}

const idToken = ({ clock }: World, claims: JWTPayload = {}, { by = keys, kid = 'k1', alg = 'RS256' } = {}) =>
  new SignJWT({
    iss: issuer,
    sub: subject,
    aud: 'anything',
    exp: Math.floor(clock.now.getTime() / 1000) + 600,
    ...claims,
  })
    .setProtectedHeader({ alg, kid })
    .sign(by.privateKey)

const basic = (name: string, secret: string) => ({ authorization: `Basic ${btoa(`${name}:${secret}`)}` })
const exchange = (world: World, token: string, name = 'acme+ci') =>
  world.client(basic(name, token)).request('GET', '/oauth2/federation/robot/token')
const signIn = async (world: World, secret: string, name = 'acme+ci') =>
  (await world.client(basic(name, secret)).request('GET', `/v2/auth?service=registry.test&scope=${pull}`)).status
const passwordFor = async (world: World) =>
  ((await (await exchange(world, await idToken(world))).json()) as { token: string }).token

describe('GET /oauth2/federation/robot/token', () => {
  it('gives whom the issuer vouches for a password of the robot for an hour', async () => {
    const { world } = await federated()
    const before = (await world.events()).length
    const response = await exchange(world, await idToken(world))
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
    const body = (await response.json()) as { token: string }
    expect(Object.keys(body)).toEqual(['token'])
    expect(await signIn(world, body.token)).toBe(200)
    expect((await world.events()).slice(before)).toMatchObject([
      {
        kind: 'federated_robot_token_exchange',
        namespaceId: world.ids.acme,
        metadata: { subject, issuer, robot: 'acme+ci' },
      },
    ])
    expect(JSON.stringify(await world.events())).not.toContain(body.token)
    world.tick(3_600_000)
    expect(await signIn(world, body.token)).toBe(401)
  })

  it.each<{ case: string; token: (world: World) => string | Promise<string>; name?: string }>([
    { case: 'another subject', token: (w) => idToken(w, { sub: 'repo:evil/app' }) },
    { case: 'another issuer', token: (w) => idToken(w, { iss: 'https://evil.example' }) },
    { case: 'a token that has run out', token: (w) => idToken(w, { exp: w.clock.now.getTime() / 1000 - 60 }) },
    { case: 'a token without an end', token: (w) => idToken(w, { exp: undefined }) },
    { case: 'a token for later', token: (w) => idToken(w, { nbf: w.clock.now.getTime() / 1000 + 600 }) },
    { case: 'a signature of somebody else', token: (w) => idToken(w, {}, { by: others }) },
    { case: 'a key that the issuer does not have', token: (w) => idToken(w, {}, { by: others, kid: 'k2' }) },
    {
      case: 'no signature',
      token: async (w) => `${btoa('{"alg":"none"}')}.${(await idToken(w)).split('.')[1]}.`,
    },
    {
      case: 'a signature with the public key for a secret',
      token: async (w) =>
        new SignJWT({ iss: issuer, sub: subject, exp: w.clock.now.getTime() / 1000 + 600 })
          .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
          .sign(new TextEncoder().encode(JSON.stringify(await exportJWK(keys.publicKey)))),
    },
    { case: 'text', token: () => 'nonsense' },
    { case: 'another robot', token: (w) => idToken(w), name: 'acme+cd' },
    { case: 'a robot that is not there', token: (w) => idToken(w), name: 'acme+none' },
    { case: 'a user', token: (w) => idToken(w), name: 'alice' },
  ])('refuses $case', async ({ token, name }) => {
    const { world } = await federated()
    await world.arrange('alice', `PUT ${robots}/cd`)
    const before = (await world.events()).length
    const response = await exchange(world, await token(world), name)
    expect([response.status, await response.json()]).toEqual([401, { error: 'Could not exchange this token' }])
    expect(await world.kindsSince(before)).toEqual([])
  })

  it.each<{ case: string; says: IssuerSays }>([
    {
      case: 'calls itself otherwise',
      says: { configuration: { issuer: 'https://evil.example', jwks_uri: `${issuer}/keys` } },
    },
    { case: 'says nothing of use', says: { configuration: [] } },
    { case: 'sends to a private address for its keys', says: { jwksUri: 'http://169.254.169.254/keys' } },
    { case: 'sends to somebody who does not answer', says: { jwksUri: 'https://nobody.example/keys' } },
  ])('refuses where the issuer $case, and says no more than that', async ({ says }) => {
    const complaint = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { world } = await federated(says)
    const response = await exchange(world, await idToken(world))
    expect([response.status, await response.json()]).toEqual([401, { error: 'Could not exchange this token' }])
    complaint.mockRestore()
  })

  it('asks no private address, whatever a robot’s owner wrote down', async () => {
    const world = await createWorld()
    const called: string[] = []
    for (const each of ['127.0.0.1', 'metadata.google.internal'])
      world.sites[each] = (request) => {
        called.push(request.url)
        return Response.json({})
      }
    await world.arrange('alice', `PUT ${robots}/ci`)
    for (const iss of ['http://127.0.0.1', 'http://metadata.google.internal']) {
      await world.arrange('alice', [`POST ${robots}/ci/federation`, [{ issuer: iss, subject }]])
      expect((await exchange(world, await idToken(world, { iss }))).status).toBe(401)
    }
    expect(called).toEqual([])
  })

  it('asks the issuer once in a while, not each time, and nobody for claims that fit no robot', async () => {
    const { world, asked } = await federated()
    await exchange(world, await idToken(world, { sub: 'somebody else' }))
    expect(asked).toEqual([])
    for (let i = 0; i < 3; i++) expect((await exchange(world, await idToken(world))).status).toBe(200)
    expect(asked).toEqual(['/.well-known/openid-configuration', '/keys'])
    world.tick(300_000)
    await exchange(world, await idToken(world))
    expect(asked).toHaveLength(4)
  })

  it('asks again when the issuer signs with a key that it did not have', async () => {
    const { world } = await federated()
    expect((await exchange(world, await idToken(world))).status).toBe(200)
    await openIssuer(world, { kid: 'k2' })
    const renewed = () => idToken(world, {}, { kid: 'k2' })
    expect((await exchange(world, await renewed())).status).toBe(401)
    world.tick(30_000)
    expect((await exchange(world, await renewed())).status).toBe(200)
  })

  it('wants a name and a token', async () => {
    const world = await createWorld()
    for (const headers of [{}, { authorization: 'Bearer x' }, { authorization: 'Basic !' }]) {
      const response = await world
        .client(headers as Record<string, string>)
        .request('GET', '/oauth2/federation/robot/token')
      expect([response.status, await response.json()]).toEqual([401, { error: 'Missing robot name and token' }])
    }
  })
})

describe('the password that was exchanged', () => {
  it.each<{ case: string; end: (world: World) => Promise<unknown> }>([
    { case: 'the federation is taken away', end: (w) => w.arrange('alice', `DELETE ${robots}/ci/federation`) },
    {
      case: 'the federation names somebody else',
      end: (w) => w.arrange('alice', [`POST ${robots}/ci/federation`, [{ issuer, subject: 'other' }]]),
    },
    { case: 'the robot gets another token', end: (w) => w.arrange('alice', `POST ${robots}/ci/regenerate`) },
    {
      case: 'the robot is deleted and made again',
      end: (w) =>
        w.arrange('alice', `DELETE ${robots}/ci`, `PUT ${robots}/ci`, [
          `POST ${robots}/ci/federation`,
          [{ issuer, subject }],
        ]),
    },
  ])('dies when $case', async ({ end }) => {
    const { world } = await federated()
    const password = await passwordFor(world)
    expect(await signIn(world, password)).toBe(200)
    await end(world)
    expect(await signIn(world, password)).toBe(401)
  })

  it('is a password of that robot, and nothing else', async () => {
    const { world } = await federated()
    await world.arrange('alice', `PUT ${robots}/cd`, [`POST ${robots}/cd/federation`, [{ issuer, subject }]])
    const password = await passwordFor(world)
    expect(await signIn(world, password, 'acme+cd')).toBe(401)
    const bearer = world.client({ authorization: `Bearer ${password}` })
    expect((await bearer.request('GET', '/v2/acme/app/tags/list')).status).toBe(401)
    expect((await bearer.request('GET', '/api/v1/user/')).status).toBe(401)
    // Nor is a token of the registry, which the same key signs, a password.
    const answer = await world.client(basic('acme+ci', password)).get<{ token: string }>(`/v2/auth?scope=${pull}`)
    expect(await signIn(world, answer.token)).toBe(401)
    expect((await exchange(world, password)).status).toBe(401)
  })
})
