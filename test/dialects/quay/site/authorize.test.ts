import { describe, expect, it } from 'vitest'
import { Browser } from '../../../support/browser.ts'
import { createWorld, origin, password, type World } from '../../../support/world.ts'

const localApp = `${origin}/oauth/localapp`
const on = { FEATURE_ASSIGN_OAUTH_TOKEN: true }

async function register(world: World, redirect_uri = '') {
  const app = { name: 'tool <b>', description: 'does things', redirect_uri }
  const made = await world.as('alice').request('POST', '/api/v1/organization/acme/applications', app)
  return ((await made.json()) as { client_id: string }).client_id
}

async function signedIn(world: World, name: string) {
  const browser = new Browser(world)
  await browser.signIn(name)
  return browser
}

const query = (fields: Record<string, string>) => `?${new URLSearchParams(fields)}`
const basic = (user: string, secret: string) => ({ authorization: `Basic ${btoa(`${user}:${secret}`)}` })

describe('GET /oauth/authorize', () => {
  it('asks for consent in words, on a page that takes nothing from elsewhere', async () => {
    const world = await createWorld()
    const client_id = await register(world)
    const browser = await signedIn(world, 'alice')
    const fields = { client_id, redirect_uri: localApp, scope: 'repo:read user:admin', response_type: 'token' }
    const response = await browser.request('GET', `/oauth/authorize${query(fields)}`)
    expect(response.status).toBe(200)
    const page = await response.text()
    expect(page).toContain('View all visible repositories')
    expect(page).toContain('Administer User')
    expect(page).toContain('tool &lt;b&gt;')
    expect(page).not.toMatch(/<script|style=|onclick|https?:\/\/(?!registry\.test)/)
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain(`form-action 'self' ${origin}`)
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('says the same in JSON', async () => {
    const world = await createWorld()
    const client_id = await register(world)
    const browser = await signedIn(world, 'alice')
    const fields = { client_id, redirect_uri: localApp, scope: 'repo:read', response_type: 'token', format: 'json' }
    const body = (await (await browser.request('GET', `/oauth/authorize${query(fields)}`)).json()) as {
      application: { avatar: string }
    }
    expect(body).toMatchObject({
      scopes: [{ scope: 'repo:read', title: 'View all visible repositories', icon: 'fa-hdd-o', dangerous: false }],
      has_dangerous_scopes: false,
      application: { name: 'tool <b>', organization: { name: 'acme' } },
      response_type: 'token',
      client_id,
      csrf_token_val: browser.csrf,
      state: null,
      assignment_uuid: null,
    })
    expect(JSON.parse(body.application.avatar)).toMatchObject({ kind: 'app', name: 'tool <b>' })
  })

  it.each<{ case: string; as: string | undefined; change?: Record<string, string>; status: number }>([
    { case: 'nobody, with a form to sign in', as: undefined, status: 401 },
    { case: 'an unknown client', as: 'alice', change: { client_id: 'UNKNOWN' }, status: 404 },
    { case: 'who does not administer the organization', as: 'bob', status: 403 },
    { case: 'an unknown scope', as: 'alice', change: { scope: 'nonsense' }, status: 404 },
    { case: 'a request without a scope', as: 'alice', change: { scope: '' }, status: 400 },
    { case: 'a request without an address', as: 'alice', change: { redirect_uri: '' }, status: 400 },
    {
      case: 'an assignment by code',
      as: 'alice',
      change: { assignment_uuid: 'x', response_type: 'code' },
      status: 400,
    },
    {
      case: 'another address, where none is registered',
      as: 'alice',
      change: { redirect_uri: 'https://evil.example' },
      status: 400,
    },
  ])('refuses $case', async ({ as, change, status }) => {
    const world = await createWorld({ settings: on })
    const client_id = await register(world)
    const browser = as ? await signedIn(world, as) : new Browser(world)
    const fields = { client_id, redirect_uri: localApp, scope: 'repo:read', response_type: 'token', ...change }
    const response = await browser.request('GET', `/oauth/authorize${query(fields)}`)
    expect(response.status).toBe(status)
    if (status === 401) expect(await response.text()).toContain('name="next" value="/oauth/authorize?client_id=')
  })

  it('tells the registered address that it was asked for another', async () => {
    const world = await createWorld()
    const client_id = await register(world, 'https://tool.example.com/cb')
    const browser = await signedIn(world, 'alice')
    const fields = { client_id, redirect_uri: 'https://tool.example.com/cb/x', scope: 'repo:read' }
    const response = await browser.request('GET', `/oauth/authorize${query(fields)}`)
    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toBe('https://tool.example.com/cb?error=redirect_uri_mismatch')
  })

  it('does not ask twice for what was granted, but for more it does', async () => {
    const world = await createWorld()
    const client_id = await register(world)
    const browser = await signedIn(world, 'alice')
    const fields = { client_id, redirect_uri: localApp, response_type: 'token' }
    await browser.submit('/oauth/authorizeapp', { ...fields, scope: 'repo:write' })
    const ask = (scope: string) => browser.request('GET', `/oauth/authorize${query({ ...fields, scope })}`)
    expect((await ask('repo:read')).headers.get('location')).toMatch(/#access_token=/)
    expect((await ask('repo:admin')).status).toBe(200)
  })
})

describe('POST /oauth/authorizeapp with a name and a password', () => {
  const settings = { DIRECT_OAUTH_CLIENTID_WHITELIST: ['TESTSTESTSTESTSTESTS'] }
  const fields = {
    client_id: 'TESTSTESTSTESTSTESTS',
    redirect_uri: localApp,
    scope: 'repo:read',
    response_type: 'token',
  }
  const send = (world: World, headers: Record<string, string>) =>
    world
      .client({ 'content-type': 'application/x-www-form-urlencoded', ...headers })
      .request('POST', '/oauth/authorizeapp', new URLSearchParams(fields).toString())

  it('needs no CSRF token for a client that is trusted so far', async () => {
    const trusting = await createWorld({ settings })
    expect((await send(trusting, basic('alice', password))).headers.get('location')).toMatch(/#access_token=/)
    const other = await createWorld()
    expect((await send(other, basic('alice', password))).status).toBe(403)
  })

  it.each([
    { case: 'a wrong password', header: basic('alice', 'wrong-password') },
    { case: 'garbage', header: { authorization: 'Basic !!!' } },
    { case: 'another scheme', header: { authorization: 'Digest x' } },
  ])('refuses $case', async ({ header }) => {
    const world = await createWorld({ settings })
    expect((await send(world, header)).status).toBe(401)
  })

  it('refuses a token in the place of the password: it could grant itself more', async () => {
    const world = await createWorld({ settings })
    expect((await send(world, basic('$oauthtoken', world.tokens.alice))).status).toBe(401)
    expect((await send(world, { authorization: `Bearer ${world.tokens.alice}` })).status).toBe(401)
  })

  it('makes wrong passwords wait', async () => {
    const world = await createWorld({ settings })
    const statuses: number[] = []
    for (let i = 0; i < 3; i++) statuses.push((await send(world, basic('alice', 'wrong-password'))).status)
    expect(statuses).toEqual([401, 429, 429])
  })
})

describe('a token for somebody else', () => {
  const offered = {
    redirect_uri: localApp,
    scope: 'repo:read',
    username: 'dave',
    response_type: 'token',
    format: 'json',
  }

  async function offer(change: Record<string, string> = {}, as = 'alice', settings = on) {
    const world = await createWorld({ settings })
    const client_id = await register(world)
    const browser = await signedIn(world, as)
    const path = `/oauth/authorize/assignuser${query({ ...offered, client_id, ...change })}`
    return { world, client_id, response: await browser.request('POST', path) }
  }

  it('is offered, taken, and the offer is gone', async () => {
    const { world, client_id, response } = await offer()
    expect(await response.json()).toEqual({ message: 'Token assigned successfully' })
    const dave = await signedIn(world, 'dave')
    const notices = await (await dave.request('GET', '/api/v1/user/notifications')).json()
    expect(notices).toMatchObject({
      notifications: [{ kind: 'assigned_authorization', metadata: { username: 'dave' } }],
    })
    const list = async () =>
      (
        (await (await dave.request('GET', '/api/v1/user/assignedauthorization')).json()) as {
          authorizations: { uuid: string }[]
        }
      ).authorizations
    const [assignment] = await list()
    expect(assignment).toMatchObject({
      application: { name: 'tool <b>', clientId: client_id, organization: { name: 'acme' } },
      redirectUri: localApp,
      responseType: 'token',
      scopes: [{ scope: 'repo:read' }],
    })
    expect(await (await dave.request('GET', '/api/v1/user/notifications')).json()).toMatchObject({ notifications: [] })

    const assignment_uuid = assignment?.uuid ?? ''
    const fields = { client_id, redirect_uri: localApp, response_type: 'token', assignment_uuid }
    expect((await dave.request('GET', `/oauth/authorize${query({ ...fields, scope: 'repo:read' })}`)).status).toBe(200)
    const grant = async (scope: string) =>
      (await dave.submit('/oauth/authorizeapp', { ...fields, scope })).headers.get('location')
    expect(await grant('repo:admin')).toBe(`${localApp}?error=invalid_scope`)
    expect(await grant('repo:read')).toMatch(/#access_token=/)
    expect(await list()).toEqual([])
    expect(await grant('repo:read')).toBe(`${localApp}?error=unauthorized_client`)
    const granted = (await (await dave.request('GET', '/api/v1/user/authorizations')).json()) as { authorizations: [] }
    // The test's own token, and the new one.
    expect(granted.authorizations).toHaveLength(2)
    expect((await world.events()).filter(({ kind }) => kind === 'oauth_token_assigned')).toMatchObject([
      {
        namespaceId: world.ids.acme,
        metadata: { assigning_user: 'alice', assigned_user: 'dave', application: 'tool <b>', client_id },
      },
    ])
  })

  it.each<{ case: string; change?: Record<string, string>; as?: string; settings?: typeof on; status: number }>([
    { case: 'an unknown user', change: { username: 'nosuch' }, status: 404 },
    { case: 'an organization', change: { username: 'acme' }, status: 404 },
    { case: 'an unknown client', change: { client_id: 'UNKNOWN' }, status: 404 },
    { case: 'an unknown scope', change: { scope: 'nonsense' }, status: 400 },
    { case: 'a request without a name', change: { username: '' }, status: 400 },
    { case: 'who does not administer the organization', as: 'bob', status: 403 },
    { case: 'everybody while it is off', settings: { FEATURE_ASSIGN_OAUTH_TOKEN: false }, status: 404 },
  ])('refuses $case', async ({ change, as, settings, status }) => {
    const { world, response } = await offer(change, as, settings)
    expect(response.status).toBe(status)
    expect((await world.events()).filter(({ kind }) => kind === 'oauth_token_assigned')).toEqual([])
  })

  it('can be turned down', async () => {
    const { world } = await offer()
    const dave = world.as('dave')
    const list = () => dave.get<{ authorizations: { uuid: string }[] }>('/api/v1/user/assignedauthorization')
    const uuid = (await list()).authorizations[0]?.uuid
    const path = `/api/v1/user/assignedauthorization/${uuid}`
    expect((await world.as('bob').request('DELETE', path)).status).toBe(404)
    expect((await dave.request('DELETE', path)).status).toBe(204)
    expect(await list()).toEqual({ authorizations: [] })
  })
})

describe('the other pages', () => {
  it('deny tells the application', async () => {
    const world = await createWorld()
    const client_id = await register(world)
    const browser = await signedIn(world, 'alice')
    const deny = (redirect_uri: string) =>
      browser.submit('/oauth/denyapp', { client_id, redirect_uri, scope: 'repo:read' })
    expect((await deny(localApp)).headers.get('location')).toBe(`${localApp}?error=authorization_denied`)
    expect((await deny('https://evil.example')).status).toBe(400)
  })

  it('localapp shows the token of the address, and sends for nothing else', async () => {
    const world = await createWorld()
    const browser = await signedIn(world, 'alice')
    const shown = await (await browser.request('GET', '/oauth/localapp?scope=repo:read')).text()
    expect(shown).toContain('<script src="/console/token.js"')
    expect(await (await browser.request('GET', '/oauth/localapp')).text()).toContain('Nothing was authorized')
    expect((await world.as('nobody').request('GET', '/oauth/localapp?scope=x')).status).toBe(401)
    const json = await browser.request('GET', '/oauth/localapp?format=json')
    expect(await json.json()).toEqual({ access_token: null })
  })

  it.each([
    { next: '/oauth/localapp?scope=a', to: '/oauth/localapp?scope=a' },
    { next: 'https://evil.example/', to: '/signin' },
    { next: '//evil.example/', to: '/signin' },
    { next: '/\\evil.example/', to: '/signin' },
    { next: '', to: '/signin' },
  ])('a sign-in goes on to $to when asked for $next', async ({ next, to }) => {
    const world = await createWorld()
    const browser = await new Browser(world).open()
    const response = await browser.submit('/signin', { username: 'alice', password, next })
    expect([response.status, response.headers.get('location')]).toEqual([303, to])
    expect(await (await browser.request('GET', '/signin')).text()).toContain('signed in as <strong>alice')
  })

  it.each<{ case: string; fields: Record<string, string>; status: number }>([
    { case: 'a wrong password', fields: { username: 'alice', password: 'wrong-password' }, status: 403 },
    { case: 'a forged form', fields: { username: 'alice', password, _csrf_token: 'x' }, status: 403 },
  ])('a sign-in refuses $case', async ({ fields, status }) => {
    const world = await createWorld()
    const browser = await new Browser(world).open()
    expect((await browser.submit('/signin', fields)).status).toBe(status)
    expect((await browser.request('GET', '/api/v1/user/')).status).toBe(401)
  })
})
