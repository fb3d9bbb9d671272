import { describe, expect, it } from 'vitest'
import { Browser } from '../../../support/browser.ts'
import { createWorld, origin, type World } from '../../../support/world.ts'

const localApp = `${origin}/oauth/localapp`

async function register(world: World, redirect_uri = '') {
  const app = { name: 'tool', redirect_uri }
  const made = await world.as('alice').request('POST', '/api/v1/organization/acme/applications', app)
  return ((await made.json()) as { client_id: string }).client_id
}

async function signedIn(world: World, name: string) {
  const browser = new Browser(world)
  await browser.signIn(name)
  return browser
}

describe('POST /oauth/authorizeapp, implicit grant', () => {
  it('sends the browser back with a token that works', async () => {
    const world = await createWorld()
    const client_id = await register(world)
    const browser = await signedIn(world, 'alice')
    const response = await browser.submit('/oauth/authorizeapp', {
      response_type: 'token',
      client_id,
      redirect_uri: localApp,
      scope: 'repo:read user:read',
      state: 'a&b',
    })
    expect(response.status).toBe(302)
    const location = response.headers.get('location') ?? ''
    expect(location).toMatch(
      /^http:\/\/registry\.test\/oauth\/localapp\?scope=repo%3Aread\+user%3Aread&state=a%26b#access_token=[A-Za-z0-9]{40}&token_type=Bearer&expires_in=315576000$/,
    )
    const token = /access_token=(.*?)&/.exec(location)?.[1]
    const user = await world.client({ authorization: `Bearer ${token}` }).get('/api/v1/user/')
    expect(user).toMatchObject({ username: 'alice' })
    expect(user).not.toHaveProperty('email')
    const [, , consent, ...more] = await world.events()
    expect([consent, more]).toMatchObject([
      {
        kind: 'create_oauth_api_token',
        namespaceId: world.ids.acme,
        performerId: world.ids.alice,
        metadata: { client_id, scope: 'repo:read user:read' },
      },
      [],
    ])
  })

  const error = (text: string) => `${localApp}?error=${text}`
  it.each([
    { case: 'an unknown scope', who: 'alice', scope: 'repo:read, repo:write', status: 302, to: error('invalid_scope') },
    { case: 'no scope', who: 'alice', scope: '', status: 302, to: error('invalid_scope') },
    { case: 'who does not administer the organization', who: 'bob', status: 302, to: error('unauthorized_client') },
    { case: 'a superuser from elsewhere', who: 'admin', status: 302, to: error('unauthorized_client') },
    { case: 'an unknown client', who: 'alice', client: 'UNKNOWN', status: 302, to: error('unauthorized_client') },
    {
      case: 'an unknown client with an address of its own',
      who: 'alice',
      client: 'UNKNOWN',
      redirect: 'https://evil.example',
      status: 400,
      to: null,
    },
    {
      case: 'an address that nobody registered',
      who: 'alice',
      redirect: 'https://evil.example',
      status: 400,
      to: null,
    },
    { case: 'a request without its CSRF token', who: 'alice', csrf: '', status: 403, to: null },
  ])('refuses $case', async ({ who, scope = 'repo:read', client, redirect = localApp, csrf, status, to }) => {
    const world = await createWorld()
    const client_id = client ?? (await register(world))
    const browser = await signedIn(world, who)
    const fields = { response_type: 'token', client_id, redirect_uri: redirect, scope }
    const response = await browser.submit('/oauth/authorizeapp', {
      ...fields,
      ...(csrf !== undefined && { _csrf_token: csrf }),
    })
    expect(response.status).toBe(status)
    expect(response.headers.get('location')).toBe(to)
  })

  it('refuses nobody', async () => {
    const world = await createWorld()
    const browser = await new Browser(world).open()
    expect((await browser.submit('/oauth/authorizeapp', { client_id: 'x' })).status).toBe(401)
  })
})
