import { eq } from 'drizzle-orm'
import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { account, accountNotice } from '../../../../src/store/schema.ts'
import { Browser } from '../../../support/browser.ts'
import { basic } from '../../../support/push.ts'
import { createWorld, type Person, password, type World } from '../../../support/world.ts'

type Settings = Record<string, unknown>
const ask = (world: World, login: Record<string, string>, ...scopes: string[]) =>
  world.client(login).request('GET', `/v2/auth?service=registry.test${scopes.map((s) => `&scope=${s}`).join('')}`)
const refusalOf = async (response: Response) => {
  const { errors } = (await response.json()) as { errors: { code: string; message: string }[] }
  return [response.status, errors[0]?.code, errors[0]?.message]
}

describe('what is logged of a login that failed, where that is asked for', () => {
  const settings = { ACTION_LOG_AUDIT_LOGIN_FAILURES: true, ACTION_LOG_AUDIT_LOGINS: false }

  it.each([
    { name: 'dave', of: 'dave' as const },
    { name: 'nobody', of: null },
  ])('$name', async ({ name, of }) => {
    const world = await createWorld({ settings })
    await new Browser(world).signIn(name, 'wrong-password')
    expect(await world.events()).toMatchObject([
      {
        kind: 'login_failure',
        namespaceId: of && world.ids[of],
        performerId: null,
        metadata: { type: 'quayauth', kind: 'user', username: name, message: 'Invalid Username or Password' },
      },
    ])
    world.tick(60_000)
    await new Browser(world).signIn('dave')
    expect(await world.events()).toHaveLength(1)
  })
})

describe('a session', () => {
  const cookieOf = async (settings: Settings, url = '/csrf_token') => {
    const world = await createWorld({ settings })
    const response = await world.app.request(`https://registry.test${url}`, {}, world.services)
    return response.headers.getSetCookie()[0] ?? ''
  }

  it('is in a cookie that no script reads, no foreign page sends, and no plain connection carries', async () => {
    const cookie = await cookieOf({})
    for (const part of ['HttpOnly', 'SameSite=Lax', 'Secure', 'Path=/', 'Max-Age=2678400'])
      expect(cookie).toContain(part)
    expect(cookie).toMatch(/^_csrf_token=/)
    expect(await cookieOf({ FEATURE_PERMANENT_SESSIONS: false })).not.toMatch(/max-age|expires/i)
  })

  it('ends when its time is over, whatever the browser says', async () => {
    const world = await createWorld({ settings: { SESSION_TIMEOUT: '1h' } })
    const browser = new Browser(world)
    await browser.signIn('dave')
    world.tick(3_600_000 - 1)
    expect((await browser.request('GET', '/api/v1/user/')).status).toBe(200)
    world.tick(1)
    expect((await browser.request('GET', '/api/v1/user/')).status).toBe(401)
  })
})

describe('docker login', () => {
  it('takes encrypted passwords only, where that is required; a browser takes the others', async () => {
    const world = await createWorld({ settings: { FEATURE_REQUIRE_ENCRYPTED_BASIC_AUTH: true } })
    const plain = await ask(world, basic('dave', password))
    expect(await refusalOf(plain)).toEqual([
      401,
      'UNAUTHORIZED',
      'Client login with unencrypted passwords is disabled. Please generate an encrypted password in the user admin panel for use here.',
    ])
    const browser = new Browser(world)
    expect((await browser.signIn('dave')).status).toBe(200)
    const { key } = (await (await browser.request('POST', '/api/v1/user/clientkey', { password })).json()) as {
      key: string
    }
    expect((await ask(world, basic('dave', key))).status).toBe(200)
    expect((await ask(world, basic('bob', key))).status).toBe(200)
  })

  it('lets in the robots that are listed, where robots are not allowed', async () => {
    const open = await createWorld()
    await open.arrange('alice', 'PUT /api/v1/organization/acme/robots/ci', 'PUT /api/v1/organization/acme/robots/cd')
    const tokenOf = async (name: string) =>
      (await open.as('alice').get<{ token: string }>(`/api/v1/organization/acme/robots/${name}`)).token
    const settings = { ...open.services.settings, ROBOTS_DISALLOW: true, ROBOTS_WHITELIST: ['acme+ci'] }
    const signIn = async (name: string) =>
      open
        .client(basic(`acme+${name}`, await tokenOf(name)), { ...open.services, settings })
        .request('GET', '/v2/auth?service=registry.test')
    expect((await signIn('ci')).status).toBe(200)
    expect(await refusalOf(await signIn('cd'))).toEqual([
      401,
      'UNAUTHORIZED',
      'Robot accounts have been disabled. Please contact your administrator.',
    ])
  })

  it('notes when a robot or an app-specific token was used, once a minute', async () => {
    const world = await createWorld()
    const robots = '/api/v1/organization/acme/robots'
    await world.arrange('alice', `PUT ${robots}/ci`, ['POST /api/v1/user/apptoken', { title: 'x' }])
    const alice = world.as('alice')
    const { token } = await alice.get<{ token: string }>(`${robots}/ci`)
    const { tokens } = await alice.get<{ tokens: { uuid: string }[] }>('/api/v1/user/apptoken')
    const path = `/api/v1/user/apptoken/${tokens[0]?.uuid}`
    const { token: app } = await alice.get<{ token: { token_code: string } }>(path)
    const used = async () => [
      (await alice.get<{ last_accessed: string | null }>(`${robots}/ci`)).last_accessed,
      (await alice.get<{ token: { last_accessed: string | null } }>(path)).token.last_accessed,
    ]
    const use = async () => {
      await ask(world, basic('acme+ci', token))
      await ask(world, basic('$app', app.token_code))
    }
    expect(await used()).toEqual([null, null])
    await use()
    const first = 'Sun, 01 Mar 2026 12:00:00 -0000'
    expect(await used()).toEqual([first, first])
    world.tick(59_000)
    await use()
    expect(await used()).toEqual([first, first])
    world.tick(1000)
    await use()
    expect(await used()).toEqual(Array.from({ length: 2 }, () => 'Sun, 01 Mar 2026 12:01:00 -0000'))
  })
})

describe('names in the scope of a registry token', () => {
  const nameIn = async (settings: Settings, name: string) => {
    const world = await createWorld({ settings })
    const response = await ask(world, basic('alice', password), `repository:${name}:pull`)
    if (!response.ok) return (await refusalOf(response)).slice(0, 2)
    const { token } = (await response.json()) as { token: string }
    return (decodeJwt(token).access as { name: string; actions: string[] }[]).map((each) => [
      each.name,
      each.actions.join(),
    ])
  }

  it.each<{ settings: Settings; name: string; is: unknown }>([
    { settings: {}, name: 'pub', is: [['pub', '']] },
    { settings: { LIBRARY_NAMESPACE: 'acme' }, name: 'pub', is: [['pub', 'pull']] },
    { settings: { FEATURE_LIBRARY_SUPPORT: false }, name: 'pub', is: [400, 'NAME_INVALID'] },
    { settings: {}, name: 'acme/deep/er', is: [['acme/deep/er', 'pull']] },
    { settings: { FEATURE_EXTENDED_REPOSITORY_NAMES: false }, name: 'acme/deep/er', is: [400, 'NAME_INVALID'] },
    { settings: { FEATURE_EXTENDED_REPOSITORY_NAMES: false }, name: 'acme/pub', is: [['acme/pub', 'pull']] },
  ])('$name with $settings', async ({ settings, name, is }) => {
    expect(await nameIn(settings, name)).toEqual(is)
  })

  it('of a namespace that is disabled spoil the rest', async () => {
    const world = await createWorld()
    await world.store.batch([world.store.update(account).set({ enabled: false }).where(eq(account.username, 'acme'))])
    const response = await ask(world, basic('alice', password), 'repository:alice/x:pull', 'repository:acme/pub:pull')
    expect((await refusalOf(response)).slice(0, 2)).toEqual([405, 'DENIED'])
  })
})

describe('who may create what', () => {
  const fresh = { name: 'fresh' }
  const repository = (namespace: string) => ({ namespace, repository: 'new', visibility: 'private', description: '' })

  it.each<{ case: string; settings: Settings; as: Person; organization: number; own: number; robot: number }>([
    { case: 'usually everybody', settings: {}, as: 'dave', organization: 201, own: 201, robot: 201 },
    {
      case: 'organizations only superusers',
      settings: { FEATURE_SUPERUSERS_ORG_CREATION_ONLY: true },
      as: 'dave',
      organization: 403,
      own: 201,
      robot: 201,
    },
    {
      case: 'organizations a superuser',
      settings: { FEATURE_SUPERUSERS_ORG_CREATION_ONLY: true },
      as: 'admin',
      organization: 201,
      own: 201,
      robot: 201,
    },
    {
      case: 'nothing who is restricted',
      settings: { FEATURE_RESTRICTED_USERS: true },
      as: 'dave',
      organization: 403,
      own: 403,
      robot: 403,
    },
    {
      case: 'everything who is on the list',
      settings: { FEATURE_RESTRICTED_USERS: true, RESTRICTED_USERS_WHITELIST: ['dave'] },
      as: 'dave',
      organization: 201,
      own: 201,
      robot: 201,
    },
    {
      case: 'everything a superuser',
      settings: { FEATURE_RESTRICTED_USERS: true },
      as: 'admin',
      organization: 201,
      own: 201,
      robot: 201,
    },
  ])('$case', async ({ settings, as, organization, own, robot }) => {
    const world = await createWorld({ settings })
    const client = world.as(as)
    expect({
      organization: (await client.request('POST', '/api/v1/organization/', fresh)).status,
      own: (await client.request('POST', '/api/v1/repository', repository(as))).status,
      robot: (await client.request('PUT', '/api/v1/user/robots/bot')).status,
    }).toEqual({ organization, own, robot })
  })

  it('organizations share addresses with users, where that is allowed', async () => {
    const world = await createWorld({ settings: { FEATURE_ORG_SHARED_EMAIL: true } })
    const shared = { ...fresh, email: 'bob@example.com' }
    expect((await world.as('dave').request('POST', '/api/v1/organization/', shared)).status).toBe(201)
  })

  it('shows everybody the namespaces that are everybody’s', async () => {
    const world = await createWorld({ settings: { PUBLIC_NAMESPACES: ['acme'] } })
    const { organizations } = await world.as('dave').get<{ organizations: object[] }>('/api/v1/user/')
    expect(organizations).toMatchObject([{ name: 'acme', public: true, is_org_admin: false, can_create_repo: false }])
  })
})

describe('notifications', () => {
  const path = '/api/v1/user/notifications'
  interface Page {
    notifications: { id: string; organization: string | null; kind: string }[]
    additional: boolean
  }

  async function notify(world: World, whom: Person | 'acme', count: number) {
    const { store, ids, clock } = world
    const rows = Array.from({ length: count }, (_, i) => ({
      uuid: crypto.randomUUID(),
      accountId: ids[whom],
      kind: `kind${i}`,
      metadata: {},
      createdAt: clock.now,
    }))
    await store.batch(rows.map((row) => store.insert(accountNotice).values(row)))
  }

  it('come newest first, five on a page, until they are dismissed', async () => {
    const world = await createWorld()
    await notify(world, 'dave', 7)
    const dave = world.as('dave')
    const kindsOf = async (query: string) => {
      const { notifications, additional } = await dave.get<Page>(`${path}${query}`)
      return [notifications.map(({ kind }) => kind), additional]
    }
    expect(await kindsOf('')).toEqual([['kind6', 'kind5', 'kind4', 'kind3', 'kind2'], true])
    expect(await kindsOf('?page=1')).toEqual([['kind1', 'kind0'], false])
    expect(await kindsOf('?page=1&limit=3')).toEqual([['kind3', 'kind2', 'kind1'], true])
    expect((await dave.request('GET', `${path}?limit=x`)).status).toBe(400)
    const { notifications } = await dave.get<Page>(path)
    const one = `${path}/${notifications[0]?.id}`
    expect(await dave.get(one)).toMatchObject({ kind: 'kind6', dismissed: false, organization: null, metadata: {} })
    expect(await (await dave.request('PUT', one, { dismissed: true })).json()).toMatchObject({ dismissed: true })
    expect((await kindsOf('?limit=1'))[0]).toEqual(['kind5'])
    await dave.request('PUT', one, {})
    expect((await kindsOf('?limit=1'))[0]).toEqual(['kind6'])
  })

  it.each<[Person, (string | null)[]]>([
    ['alice', ['acme']],
    ['bob', []],
    ['dave', []],
  ])('of an organization are for who administers it: %s', async (who, organizations) => {
    const world = await createWorld()
    await notify(world, 'acme', 1)
    const { notifications } = await world.as(who).get<Page>(path)
    expect(notifications.map(({ organization }) => organization)).toEqual(organizations)
  })
})
