import { is } from 'drizzle-orm'
import { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { describe, expect, it, vi } from 'vitest'
import * as schema from '../src/store/schema.ts'
import { Browser } from './support/browser.ts'
import { createWorld, origin, password, type World } from './support/world.ts'

const tables = Object.values(schema as Record<string, unknown>).filter((value): value is SQLiteTable =>
  is(value, SQLiteTable),
)

/** Every row of every table, as text. */
async function everythingKept({ store }: World): Promise<string> {
  const rows = await store.batch(tables.map((table) => store.select().from(table)))
  return JSON.stringify(rows)
}

const localApp = `${origin}/oauth/localapp`
const service = 'registry.test'

/** Makes a secret of every kind that there is, and yields each under its name. */
async function makeSecrets(world: World): Promise<Record<string, string>> {
  const alice = world.as('alice')
  const admin = world.as('admin')
  const json = async <T = Record<string, string>>(answer: Response | Promise<Response>) =>
    (await (await answer).json()) as T
  const browser = new Browser(world)
  await browser.signIn('alice')
  const app = await json(
    alice.request('POST', '/api/v1/organization/acme/applications', { name: 'x', redirect_uri: localApp }),
  )
  const client = { client_id: app.client_id ?? '', redirect_uri: localApp, scope: 'repo:read' }
  const grant = async (response_type: string) =>
    (await browser.submit('/oauth/authorizeapp', { ...client, response_type })).headers.get('location') ?? ''
  const code = new URL(await grant('code')).searchParams.get('code') ?? ''
  const unusedCode = new URL(await grant('code')).searchParams.get('code') ?? ''
  const implicit = /access_token=(\w+)/.exec(await grant('token'))?.[1] ?? ''
  const exchanged = await json(
    browser.submit('/oauth/access_token', {
      ...client,
      grant_type: 'authorization_code',
      client_secret: app.client_secret ?? '',
      code,
    }),
  )
  const apiToken = await json(
    alice.request('POST', `/api/v1/organization/acme/applications/${app.client_id}/tokens`, {
      name: 't',
      scope: 'repo:read',
    }),
  )
  const { token: appToken } = await json<{ token: { token_code: string } }>(
    alice.request('POST', '/api/v1/user/apptoken', { title: 'laptop' }),
  )
  const robot = await json(alice.request('PUT', '/api/v1/organization/acme/robots/ci'))
  const created = await json(
    admin.request('POST', '/api/v1/superuser/users/', { username: 'eve', email: 'eve@example.com' }),
  )
  const { key } = await json(browser.request('POST', '/api/v1/user/clientkey', { password }))
  const serviceKey = await json(admin.request('POST', '/api/v1/superuser/keys', { service: 'a', expiration: null }))
  const basic = { authorization: `Basic ${btoa(`alice:${password}`)}` }
  const { token: registryToken } = await json(world.client(basic).request('GET', `/v2/auth?service=${service}`))
  await alice.request('PUT', '/api/v1/user/', { password: 'a-changed-password' })
  await (await new Browser(world).open()).request('POST', '/api/v1/recovery', { email: 'dave@example.com' })
  await world.settle()
  const mailed = world.mails.map(({ text }) => /code=(\S+)/.exec(text)?.[1] ?? '').filter(Boolean)
  const session = browser.cookie.split('=').slice(1).join('=')
  return {
    password,
    'changed password': 'a-changed-password',
    "a created user's password": created.password ?? '',
    'its encrypted form': created.encrypted_password ?? '',
    'a client key': key ?? '',
    'a session': session,
    'its CSRF token': browser.csrf ?? '',
    'a client secret': app.client_secret ?? '',
    'a code that is used': code,
    'a code that is not': unusedCode,
    'the token of a code': exchanged.access_token ?? '',
    'an implicit token': implicit,
    'an API token': apiToken.token ?? '',
    "a test's token": world.tokens.alice,
    'an app-specific token': appToken.token_code.slice(60),
    'a robot token': robot.token ?? '',
    "a service's private key": serviceKey.private_key?.split('\n')[12] ?? '',
    'a registry token': registryToken ?? '',
    'a mailed code': decodeURIComponent(mailed.at(-1) ?? ''),
    'its secret half': atob(decodeURIComponent(mailed.at(-1) ?? '')).split(':')[1] ?? '',
  }
}

describe('secrets', () => {
  const settings = {
    FEATURE_MAILING: true,
    ACTION_LOG_AUDIT_LOGIN_FAILURES: true,
    DIRECT_OAUTH_CLIENTID_WHITELIST: [],
  }

  it('are kept nowhere in the clear, nor said in the log', async () => {
    const world = await createWorld({ settings })
    const spoken = (['log', 'info', 'warn', 'error', 'debug'] as const).map((method) =>
      vi.spyOn(console, method).mockImplementation(() => undefined),
    )
    const secrets = await makeSecrets(world)
    const kept = await everythingKept(world)
    const said = JSON.stringify(spoken.flatMap(({ mock }) => mock.calls))
    for (const each of spoken) each.mockRestore()
    for (const [name, secret] of Object.entries(secrets)) {
      expect(secret.length, name).toBeGreaterThanOrEqual(12)
      expect(kept.includes(secret), `${name} is in the database`).toBe(false)
      expect(kept.includes(secret.slice(-12)), `the end of ${name} is in the database`).toBe(false)
      expect(said.includes(secret), `${name} was written to the console`).toBe(false)
    }
    // The private half of the key that signs registry tokens.
    expect(kept).toMatch(/"publicJwk"/)
    expect(kept).not.toMatch(/\\?"(d|p|q|dp|dq|qi)\\?":/)
  })

  it('are in no answer that refuses them', async () => {
    const world = await createWorld({ settings })
    const secret = 'S3CRET-that-somebody-typed'
    const browser = await new Browser(world).open()
    const form = { grant_type: 'authorization_code', client_id: 'TESTSTESTSTESTSTESTS', redirect_uri: localApp }
    const answers = [
      await browser.signIn('alice', secret),
      await browser.submit('/signin', { username: 'alice', password: secret, next: '' }),
      await browser.request('POST', '/api/v1/user/', { username: 'x', password: secret, email: 'x@example.com' }),
      await browser.submit('/oauth/access_token', { ...form, code: secret, client_secret: secret, scope: 'repo:read' }),
      await browser.submit('/recovery', { code: btoa(`${secret}:${secret}`), password: secret }),
      await world.client({ authorization: `Bearer ${secret}` }).request('GET', '/api/v1/user/'),
      ...(await Promise.all(
        ['bob', '$app', '$oauthtoken', '$token', 'acme+ci'].map((name) =>
          world.client({ authorization: `Basic ${btoa(`${name}:${secret}`)}` }).request('GET', '/v2/auth'),
        ),
      )),
      await world.as('dave').request('POST', '/api/v1/user/clientkey', { password: secret }),
      await world.as('dave').request('PUT', '/api/v1/user/', { password: 'with space', email: 'x' }),
    ]
    for (const answer of answers) {
      expect(answer.ok).toBe(false)
      const text = (await answer.text()) + JSON.stringify([...answer.headers])
      expect(text).not.toContain(secret)
      expect(text).not.toContain(btoa(`${secret}:${secret}`))
    }
    expect(await everythingKept(world)).not.toContain(secret)
  })
})
