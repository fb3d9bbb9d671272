import { describe, expect, it } from 'vitest'
import { Browser } from '../../../support/browser.ts'
import { basic } from '../../../support/push.ts'
import { createWorld, origin, password, type World } from '../../../support/world.ts'

const localApp = `${origin}/oauth/localapp`
const fields = {
  client_id: 'TESTSTESTSTESTSTESTS',
  redirect_uri: localApp,
  scope: 'super:user',
  response_type: 'token',
}
const query = (more: Record<string, string> = {}) => `?${new URLSearchParams({ ...fields, ...more })}`
const offer = query({ username: 'dave', format: 'json' })

const signedIn = async (world: World, name = 'alice') => {
  const browser = new Browser(world)
  await browser.signIn(name)
  return browser
}
const bearerOf = (world: World) => ({ authorization: `Bearer ${world.tokens.alice}` })

describe('who may open the consent page', () => {
  it.each<{ case: string; login: (world: World) => Promise<Record<string, string>>; status: number }>([
    { case: 'a session', login: async (world) => ({ cookie: (await signedIn(world)).cookie }), status: 200 },
    { case: 'a name and a password', login: async () => basic('alice', password), status: 200 },
    { case: 'an address and a password', login: async () => basic('alice@example.com', password), status: 200 },
    { case: 'a wrong password', login: async () => basic('alice', 'wrong-password'), status: 401 },
    { case: 'somebody who is shut out', login: async () => basic('carol', password), status: 401 },
    { case: 'an OAuth token', login: async (world) => bearerOf(world), status: 401 },
    {
      case: 'an OAuth token as a password',
      login: async (world) => basic('$oauthtoken', world.tokens.alice),
      status: 401,
    },
    { case: 'a header that is none', login: async () => ({ authorization: 'Basic !' }), status: 401 },
    { case: 'a forged cookie', login: async () => ({ cookie: '_csrf_token=x' }), status: 401 },
  ])('$case: $status', async ({ login, status }) => {
    const world = await createWorld()
    await world.arrange('admin', ['PUT /api/v1/superuser/users/carol', { enabled: false }])
    const response = await world.client(await login(world)).request('GET', `/oauth/authorize${query()}`)
    expect(response.status).toBe(status)
  })

  it('not by an assignment where these are switched off, nor by somebody else’s', async () => {
    const off = await createWorld({ settings: { FEATURE_ASSIGN_OAUTH_TOKEN: false } })
    const assigned = `/oauth/authorize${query({ assignment_uuid: 'x' })}`
    expect((await (await signedIn(off)).request('GET', assigned)).status).toBe(400)
    const world = await createWorld()
    const alice = await signedIn(world)
    expect((await alice.request('POST', `/oauth/authorize/assignuser${offer}`)).status).toBe(200)
    const { authorizations } = (await (
      await (await signedIn(world, 'dave')).request('GET', '/api/v1/user/assignedauthorization')
    ).json()) as { authorizations: { uuid: string }[] }
    const stolen = `/oauth/authorize${query({ assignment_uuid: authorizations[0]?.uuid ?? '' })}`
    expect((await (await signedIn(world, 'bob')).request('GET', stolen)).status).toBe(403)
    expect((await (await signedIn(world, 'dave')).request('GET', stolen)).status).toBe(200)
  })
})

describe('what a page made elsewhere can not do', () => {
  const forged = (world: World, cookie: string, path: string, form: Record<string, string> = {}) =>
    world
      .client({ cookie, 'content-type': 'application/x-www-form-urlencoded' })
      .request('POST', path, new URLSearchParams({ ...fields, ...form }).toString())

  it.each([
    '/oauth/authorizeapp',
    '/oauth/denyapp',
    `/oauth/authorize/assignuser${offer}`,
    '/signin',
    '/api/v1/signout',
    '/api/v1/user/clientkey',
  ])('send a form to %s', async (path) => {
    const world = await createWorld()
    const { cookie } = await signedIn(world)
    const before = (await world.events()).length
    for (const form of [{}, { _csrf_token: '' }, { _csrf_token: 'x'.repeat(64) }] as Record<string, string>[])
      expect((await forged(world, cookie, path, form)).status).toBe(403)
    expect((await world.events()).length).toBe(before)
  })

  it.each(['/oauth/authorizeapp', '/oauth/denyapp', `/oauth/authorize/assignuser${offer}`])(
    'nor can nobody, with a token of its own session: %s',
    async (path) => {
      const world = await createWorld()
      const nobody = await new Browser(world).open()
      expect((await nobody.submit(path, fields)).status).toBe(401)
    },
  )

  it('nor is a name with a password enough to offer tokens', async () => {
    const world = await createWorld()
    const path = `/oauth/authorize/assignuser${offer}`
    expect((await world.client(basic('alice', password)).request('POST', path)).status).toBe(401)
    expect((await world.client(bearerOf(world)).request('POST', path)).status).toBe(401)
  })

  it('use the CSRF token of another session', async () => {
    const world = await createWorld()
    const [alice, dave] = [await signedIn(world), await signedIn(world, 'dave')]
    const response = await forged(world, alice.cookie, '/oauth/authorizeapp', { _csrf_token: dave.csrf ?? '' })
    expect(response.status).toBe(403)
  })
})

describe('what is not offered', () => {
  it.each([
    ['GET', '/api/v1/user/private'],
    ['GET', '/api/v1/organization/acme/private'],
    ['POST', '/api/v1/externallogin/github'],
    ['POST', '/api/v1/detachexternal/github'],
    ['POST', '/api/v1/bootstrap/renew'],
    ['POST', '/api/v1/organization/acme/team/readers/syncing'],
    ['DELETE', '/api/v1/organization/acme/team/readers/syncing'],
    ['POST', '/api/v1/recovery'],
    ['POST', '/api/v1/superusers/users/dave/sendrecovery'],
    ['POST', '/api/v1/user/initialize'],
  ])('is not there, in JSON: %s %s', async (method, path) => {
    const world = await createWorld()
    const response = await world.as('admin').request(method, path, method === 'GET' ? undefined : {})
    expect([response.status, await response.json()]).toMatchObject([404, { error_type: 'not_found' }])
  })
})
