import { describe, expect, it } from 'vitest'
import { Browser } from '../../../support/browser.ts'
import { createWorld, type Person, password, type World } from '../../../support/world.ts'

const user = '/api/v1/user/'
type Answer = Record<string, unknown>

const put = async (world: World, body: unknown, who: Person = 'dave') => {
  const response = await world.as(who).request('PUT', user, body)
  return [response.status, (await response.json()) as Answer] as const
}
const kinds = async (world: World) => (await world.events()).map(({ kind }) => kind)

describe('getLoggedInUser', () => {
  it.each<{ case: string; as: Person; scope?: string; has: string[]; lacks: string[] }>([
    { case: 'the user with everything', as: 'alice', has: ['email', 'organizations'], lacks: ['super_user'] },
    {
      case: 'a token that only reads',
      as: 'alice',
      scope: 'user:read',
      has: ['organizations'],
      lacks: ['email', 'is_me'],
    },
    {
      case: 'a superuser',
      as: 'admin',
      scope: 'user:admin super:user',
      has: ['super_user'],
      lacks: ['global_readonly_super_user'],
    },
    { case: 'a superuser without the scope', as: 'admin', scope: 'user:admin', has: ['email'], lacks: ['super_user'] },
    { case: 'a read-only superuser', as: 'auditor', has: ['global_readonly_super_user'], lacks: ['super_user'] },
  ])('shows $case', async ({ as, scope, has, lacks }) => {
    const world = await createWorld()
    const client = scope ? await world.withScope(as, scope) : world.as(as)
    const view = await client.get(user)
    for (const key of has) expect(view).toHaveProperty(key)
    for (const key of lacks) expect(view).not.toHaveProperty(key)
  })

  it('caps the organizations’ roles by the token’s scopes', async () => {
    const world = await createWorld()
    const own = await world.as('alice').get<{ organizations: Answer[] }>(user)
    expect(own.organizations).toMatchObject([
      { name: 'acme', can_create_repo: true, is_org_admin: true, public: false, avatar: { kind: 'org' } },
    ])
    const reading = await (await world.withScope('alice', 'user:read')).get<{ organizations: Answer[] }>(user)
    expect(reading.organizations).toEqual([
      { name: 'acme', can_create_repo: false, public: false, avatar: expect.anything() },
    ])
  })

  it.each<{ case: string; headers: Record<string, string> }>([
    { case: 'nobody', headers: {} },
    { case: 'an unknown token', headers: { authorization: `Bearer ${'x'.repeat(40)}` } },
    { case: 'a name and a password', headers: { authorization: `Basic ${btoa(`alice:${password}`)}` } },
    { case: 'a forged session', headers: { cookie: '_csrf_token=forged' } },
  ])('refuses $case', async ({ headers }) => {
    const world = await createWorld()
    const response = await world.client(headers).request('GET', user)
    expect([response.status, await response.json()]).toMatchObject([401, { session_required: false }])
  })

  it('refuses a token without its scope', async () => {
    const world = await createWorld()
    expect((await (await world.withScope('alice', 'repo:admin')).request('GET', user)).status).toBe(401)
  })

  it('costs one round trip', async () => {
    const world = await createWorld()
    const browser = new Browser(world)
    await browser.signIn('alice')
    world.meter.reset()
    await browser.request('GET', user)
    expect(world.meter.roundTrips).toBe(1)
    expect(world.meter.rowsRead).toBeLessThanOrEqual(30)
  })
})

describe('getUserInformation', () => {
  it.each<{ as: Person | 'nobody'; of: string; status: number; has?: string; lacks?: string }>([
    { as: 'nobody', of: 'alice', status: 200, lacks: 'email' },
    { as: 'dave', of: 'alice', status: 200, lacks: 'email' },
    { as: 'alice', of: 'alice', status: 200, has: 'email' },
    { as: 'admin', of: 'alice', status: 200, has: 'super_user', lacks: 'email' },
    { as: 'nobody', of: 'acme', status: 404 },
    { as: 'nobody', of: 'nosuch', status: 404 },
  ])('$as asks for $of: $status', async ({ as, of, status, has, lacks }) => {
    const world = await createWorld()
    const response = await world.as(as).request('GET', `/api/v1/users/${of}`)
    expect(response.status).toBe(status)
    const view = await response.json()
    if (has) expect(view).toHaveProperty(has)
    if (lacks) expect(view).not.toHaveProperty(lacks)
  })
})

describe('changeUserDetails', () => {
  it.each<{ case: string; body: Answer; settings?: Answer; shows: Answer; event: string | undefined }>([
    {
      case: 'a tag expiration',
      body: { tag_expiration_s: 86_400 },
      shows: { tag_expiration_s: 86_400 },
      event: 'user_change_tag_expiration',
    },
    {
      case: 'who gets invoices',
      body: { invoice_email: true },
      shows: { invoice_email: true },
      event: 'user_change_invoicing',
    },
    {
      case: 'where they go',
      body: { invoice_email_address: 'a@b.cd' },
      shows: { invoice_email_address: 'a@b.cd' },
      event: 'user_change_invoicing',
    },
    {
      case: 'an address',
      body: { email: 'dave+new@example.com' },
      shows: { email: 'dave+new@example.com' },
      event: 'user_change_email',
    },
    {
      case: 'no address while mailing is on',
      body: { email: 'new@example.com' },
      settings: { FEATURE_MAILING: true },
      shows: { email: 'dave@example.com' },
      event: undefined,
    },
    { case: 'no name', body: { username: 'other' }, shows: { username: 'dave' }, event: undefined },
    {
      case: 'a name, if renaming is on',
      body: { username: 'other' },
      settings: { FEATURE_USER_RENAME: true },
      shows: { username: 'other' },
      event: 'user_change_name',
    },
    { case: 'no profile', body: { company: 'acme' }, shows: { company: null }, event: undefined },
    {
      case: 'a profile, if profiles are on',
      body: { company: 'acme', location: null },
      settings: { FEATURE_USER_METADATA: true },
      shows: { company: 'acme', location: null },
      event: 'user_change_metadata',
    },
    { case: 'nothing', body: {}, shows: { username: 'dave' }, event: undefined },
  ])('changes $case', async ({ body, settings = {}, shows, event }) => {
    const world = await createWorld({ settings })
    const [status, view] = await put(world, body)
    expect([status, view]).toMatchObject([200, shows])
    expect(await world.as('dave').get(user)).toMatchObject(shows)
    expect(await kinds(world)).toEqual(event ? [event] : [])
  })

  it.each<{ case: string; body: Answer; settings?: Answer; answer: Answer }>([
    {
      case: 'a tag expiration that is no option',
      body: { tag_expiration_s: 5 },
      answer: { message: 'Invalid tag expiration option' },
    },
    {
      case: 'text for a number',
      body: { tag_expiration_s: 'x' },
      answer: { error_message: "'x' is not of type 'integer'" },
    },
    { case: 'an absurd number', body: { tag_expiration_s: 1e20 }, answer: {} },
    {
      case: "somebody else's address",
      body: { email: 'bob@example.com' },
      answer: { error_message: 'E-mail address already used' },
    },
    {
      case: 'a short password',
      body: { password: 'short' },
      answer: { error_message: expect.stringMatching(/^Invalid password/) },
    },
    {
      case: 'a password with a space',
      body: { password: 'has a space in it' },
      answer: { error_message: expect.stringMatching(/^Invalid password/) },
    },
    {
      case: "somebody else's name",
      body: { username: 'bob' },
      settings: { FEATURE_USER_RENAME: true },
      answer: { error_message: 'Username is already in use' },
    },
    {
      case: 'a bad name',
      body: { username: 'UP' },
      settings: { FEATURE_USER_RENAME: true },
      answer: { message: expect.stringMatching(/^Invalid username UP: /) },
    },
    {
      case: 'a good and a bad change together',
      body: { invoice_email: true, tag_expiration_s: 5 },
      answer: { message: 'Invalid tag expiration option' },
    },
  ])('refuses $case, and changes nothing', async ({ body, settings = {}, answer }) => {
    const world = await createWorld({ settings })
    const before = await world.as('dave').get(user)
    expect(await put(world, body)).toMatchObject([400, answer])
    expect(await world.as('dave').get(user)).toEqual(before)
    expect(await kinds(world)).toEqual([])
  })

  it('renames robots with their user', async () => {
    const world = await createWorld({ settings: { FEATURE_USER_RENAME: true } })
    await world.as('dave').request('PUT', '/api/v1/user/robots/builder', {})
    await put(world, { username: 'david' })
    const { robots } = await world.as('dave').get<{ robots: { name: string }[] }>('/api/v1/user/robots')
    expect(robots.map(({ name }) => name)).toEqual(['david+builder'])
  })

  it('ends the other sessions with a new password', async () => {
    const world = await createWorld()
    const [here, there] = [new Browser(world), new Browser(world)]
    await here.signIn('dave')
    await there.signIn('dave')
    const changed = await here.request('PUT', user, { password: 'pässwörter-sind-schön' })
    expect(changed.headers.get('x-next-csrf-token')).toBeTruthy()
    expect((await here.request('GET', user)).status).toBe(200)
    expect((await there.request('GET', user)).status).toBe(401)
    expect((await new Browser(world).signIn('dave')).status).toBe(403)
    world.tick(60_000)
    expect((await new Browser(world).signIn('dave', 'pässwörter-sind-schön')).status).toBe(200)
    expect(JSON.stringify(await world.events())).not.toContain('schön')
  })

  it.each<{ as: Person | 'nobody' | 'guest'; scope?: string; status: number }>([
    { as: 'nobody', status: 403 },
    { as: 'guest', status: 401 },
    { as: 'dave', scope: 'user:read', status: 403 },
  ])('refuses $as with $scope', async ({ as, scope, status }) => {
    const world = await createWorld()
    const client =
      as === 'guest'
        ? await new Browser(world).open()
        : scope
          ? await world.withScope(as as Person, scope)
          : world.as(as)
    expect((await client.request('PUT', user, { invoice_email: true })).status).toBe(status)
    expect(await kinds(world)).toEqual([])
  })
})

describe('createNewUser', () => {
  const eve = { username: 'eve', password: 'a-good-password', email: 'eve@example.com' }
  const signUp = async (body: Answer, settings: Answer = {}) => {
    const world = await createWorld({ settings })
    const browser = await new Browser(world).open()
    const response = await browser.request('POST', user, body)
    return { world, browser, response, answer: (await response.json()) as Answer }
  }

  it('signs the new user in', async () => {
    const { world, browser, response, answer } = await signUp(eve)
    expect(response.status).toBe(200)
    expect(answer).toMatchObject({ username: 'eve', email: 'eve@example.com', verified: true, organizations: [] })
    expect(await (await browser.request('GET', user)).json()).toMatchObject({ username: 'eve' })
    expect(await world.events()).toMatchObject([{ kind: 'user_create', metadata: { username: 'eve' } }])
  })

  it.each<{ case: string; body: Answer; settings?: Answer; status?: number; text?: unknown }>([
    { case: 'a name that is taken', body: { username: 'dave' }, text: 'The username already exists' },
    {
      case: "an organization's name",
      body: { username: 'acme' },
      text: 'Username has already been taken by an organization and cannot be reused: acme',
    },
    {
      case: 'a name too short',
      body: { username: 'a' },
      text: 'Invalid namespace a: Namespace must be between 2 and 255 characters in length',
    },
    {
      case: 'a name with a capital',
      body: { username: 'auserName' },
      text: 'Invalid namespace auserName: Namespace must match expression ^([a-z0-9]+(?:[._-][a-z0-9]+)*)$',
    },
    { case: 'a short password', body: { password: 'short' }, text: expect.stringMatching(/^Invalid password/) },
    {
      case: 'an address that is taken',
      body: { email: 'dave@example.com' },
      text: 'Email has already been used: dave@example.com',
    },
    {
      case: 'no address while mailing is on',
      body: { email: undefined },
      settings: { FEATURE_MAILING: true },
      text: 'Email address is required',
    },
    {
      case: 'a bad address while mailing is on',
      body: { email: 'nonsense' },
      settings: { FEATURE_MAILING: true },
      text: 'Invalid email address: nonsense',
    },
    {
      case: 'who was not invited',
      body: {},
      settings: { FEATURE_INVITE_ONLY_USER_CREATION: true },
      text: 'Cannot create non-invited user',
    },
    ...['eve@spam.example', 'eve@mail.SPAM.example'].map((email) => ({
      case: `who writes from ${email}`,
      body: { email },
      settings: { FEATURE_BLACKLISTED_EMAILS: true, BLACKLISTED_EMAIL_DOMAINS: ['spam.example'] },
      text: expect.stringMatching(/^Creation of a user account for this e-mail is disabled/),
    })),
    { case: 'everybody while it is off', body: {}, settings: { FEATURE_USER_CREATION: false }, status: 404 },
    { case: 'everybody while nobody can sign in', body: {}, settings: { FEATURE_DIRECT_LOGIN: false }, status: 404 },
  ])('refuses $case', async ({ body, settings, status = 400, text }) => {
    const { world, browser, response, answer } = await signUp({ ...eve, ...body }, settings)
    expect(response.status).toBe(status)
    if (text) expect(answer.error_message).toEqual(text)
    expect(await kinds(world)).toEqual([])
    expect((await browser.request('GET', user)).status).toBe(401)
  })

  it('awaits a verification while mailing is on', async () => {
    const { browser, answer } = await signUp(eve, { FEATURE_MAILING: true })
    expect(answer).toEqual({ awaiting_verification: true })
    expect(await (await browser.signIn('eve', eve.password)).json()).toMatchObject({ needsEmailVerification: true })
  })

  it('refuses a request without its CSRF token', async () => {
    const world = await createWorld()
    expect((await world.as('nobody').request('POST', user, eve)).status).toBe(403)
  })
})

describe('convertUserToOrganization', () => {
  const convert = async (body: Answer) => {
    const world = await createWorld()
    const response = await world.as('dave').request('POST', '/api/v1/user/convert', body)
    return { world, status: response.status, answer: (await response.json()) as Answer }
  }

  it('makes the user an organization of somebody else', async () => {
    const { world, status, answer } = await convert({ adminUser: 'bob@example.com', adminPassword: password })
    expect([status, answer]).toEqual([200, { success: true }])
    expect(await world.as('bob').get('/api/v1/organization/dave')).toMatchObject({ is_admin: true })
    expect((await world.as('dave').request('GET', user)).status).toBe(401)
    expect((await new Browser(world).signIn('dave')).status).toBe(403)
    expect(await kinds(world)).toEqual(expect.arrayContaining(['account_convert']))
  })

  it.each([
    { case: 'itself', body: { adminUser: 'dave', adminPassword: password }, text: 'The admin user is not valid' },
    {
      case: 'itself by address',
      body: { adminUser: 'dave@example.com', adminPassword: password },
      text: 'The admin user is not valid',
    },
    {
      case: 'nobody',
      body: { adminUser: 'nosuch', adminPassword: password },
      text: 'The admin user credentials are not valid',
    },
    {
      case: 'a wrong password',
      body: { adminUser: 'bob', adminPassword: 'wrong-password' },
      text: 'The admin user credentials are not valid',
    },
  ])('refuses $case', async ({ body, text }) => {
    const { world, status, answer } = await convert(body)
    expect([status, answer]).toMatchObject([400, { error_message: text, reason: 'invaliduser' }])
    expect((await world.as('dave').request('GET', user)).status).toBe(200)
    expect(await kinds(world)).toEqual([])
  })
})

describe('starred repositories', () => {
  const path = '/api/v1/user/starred'
  it('come and go', async () => {
    const world = await createWorld()
    const carol = world.as('carol')
    const star = (repository: string) => carol.request('POST', path, { namespace: 'acme', repository })
    const [one, again] = [await star('app'), await star('app')]
    expect([one.status, await one.json(), again.status]).toEqual([201, { namespace: 'acme', repository: 'app' }, 201])
    expect(await carol.get(path)).toEqual({
      repositories: [{ namespace: 'acme', name: 'app', description: 'the app', is_public: false }],
    })
    expect((await carol.request('DELETE', `${path}/acme/app`)).status).toBe(204)
    expect((await carol.request('DELETE', `${path}/acme/app`)).status).toBe(204)
    expect(await carol.get(path)).toEqual({ repositories: [] })
  })

  it.each([
    { case: 'unknown', as: 'carol', repository: 'nosuch' },
    { case: 'private, for a stranger', as: 'dave', repository: 'app' },
  ] as const)('of an $case name there are none', async ({ as, repository }) => {
    const world = await createWorld()
    const response = await world.as(as).request('POST', path, { namespace: 'acme', repository })
    expect([response.status, await response.json()]).toEqual([200, null])
    expect(await world.as(as).get(path)).toEqual({ repositories: [] })
    const gone = await world.as(as).request('DELETE', `${path}/acme/nosuch`)
    expect([gone.status, await gone.json()]).toEqual([200, null])
  })

  it('are for people, and a body is checked before that', async () => {
    const world = await createWorld()
    const guest = await new Browser(world).open()
    expect((await guest.request('GET', path)).status).toBe(401)
    expect((await guest.request('POST', path, {})).status).toBe(400)
    expect((await guest.request('POST', path, { namespace: 'acme', repository: 'pub' })).status).toBe(401)
    expect((await guest.request('DELETE', `${path}/acme/pub`)).status).toBe(401)
    const reader = await world.withScope('carol', 'repo:read')
    expect((await reader.request('POST', path, { namespace: 'acme', repository: 'pub' })).status).toBe(403)
  })
})

describe('app-specific tokens', () => {
  const path = '/api/v1/user/apptoken'
  type Token = { token: { uuid: string; token_code: string; expiration: string | null } }
  const make = async (world: World, who: Person, title = 'laptop') =>
    ((await (await world.as(who).request('POST', path, { title })).json()) as Token).token

  it('are shown to their owner alone, and die when they are revoked', async () => {
    const world = await createWorld()
    const { uuid, token_code } = await make(world, 'dave')
    expect(token_code).toMatch(/^[A-Z0-9]{120}$/)
    const list = await world.as('dave').get(path)
    expect(list).toMatchObject({
      tokens: [{ uuid, title: 'laptop', last_accessed: null, expiration: null }],
      only_expiring: null,
    })
    expect(JSON.stringify(list)).not.toContain(token_code)
    expect(await world.as('dave').get(`${path}/${uuid}`)).toMatchObject({ token: { token_code } })
    const login = () =>
      world
        .client({ authorization: `Basic ${btoa(`$app:${token_code}`)}` })
        .request('GET', '/v2/auth?service=registry.test')
    expect((await login()).status).toBe(200)
    for (const stranger of ['bob', 'admin', 'auditor'] as const) {
      expect((await world.as(stranger).request('GET', `${path}/${uuid}`)).status).toBe(404)
      expect((await world.as(stranger).request('DELETE', `${path}/${uuid}`)).status).toBe(404)
      expect(await world.as(stranger).get(path)).toMatchObject({ tokens: [] })
    }
    expect((await world.as('dave').request('DELETE', `${path}/${uuid}`)).status).toBe(204)
    expect((await world.as('dave').request('DELETE', `${path}/${uuid}`)).status).toBe(404)
    expect((await login()).status).toBe(401)
    const about = { app_specific_token_title: 'laptop', app_specific_token: uuid }
    expect((await world.events()).filter(({ kind }) => kind.endsWith('app_specific_token'))).toMatchObject([
      { kind: 'create_app_specific_token', namespaceId: world.ids.dave, metadata: about },
      { kind: 'revoke_app_specific_token', namespaceId: world.ids.dave, metadata: about },
    ])
    expect(JSON.stringify(await world.events())).not.toContain(token_code)
  })

  it('run out where the settings say so', async () => {
    const world = await createWorld({ settings: { APP_SPECIFIC_TOKEN_EXPIRATION: '1h' } })
    const { uuid, expiration } = await make(world, 'dave')
    expect(expiration).toBe('Sun, 01 Mar 2026 13:00:00 -0000')
    const expiring = () => world.as('bob').get<{ tokens: unknown[] }>(`${path}?expiring=true`)
    const mine = await make(world, 'bob')
    expect((await expiring()).tokens).toEqual([])
    world.tick(55 * 60 * 1000)
    expect(await expiring()).toMatchObject({ tokens: [{ uuid: mine.uuid }], only_expiring: true })
    world.tick(5 * 60 * 1000 - 1)
    expect((await world.as('dave').request('GET', `${path}/${uuid}`)).status).toBe(200)
    world.tick(1)
    const dave = await world.withScope('dave', 'user:admin')
    expect((await dave.request('GET', `${path}/${uuid}`)).status).toBe(404)
    expect((await dave.request('DELETE', `${path}/${uuid}`)).status).toBe(204)
  })

  it('are not there while they are switched off', async () => {
    const world = await createWorld({ settings: { FEATURE_APP_SPECIFIC_TOKENS: false } })
    expect((await world.as('dave').request('GET', path)).status).toBe(404)
    expect((await world.as('dave').request('PATCH', path)).status).toBe(404)
  })
})

describe('authorizations', () => {
  it('are listed, and end when they are deleted', async () => {
    const world = await createWorld()
    const path = '/api/v1/user/authorizations'
    const extra = await world.withScope('dave', 'user:read')
    type List = { authorizations: { uuid: string; scopes: { scope: string }[] }[] }
    const { authorizations } = await world.as('dave').get<List>(path)
    expect(authorizations).toHaveLength(2)
    expect(authorizations[1]).toMatchObject({
      application: { name: 'tests', organization: { name: 'acme', avatar: { kind: 'org' } }, avatar: { kind: 'app' } },
      scopes: [{ scope: 'user:read', dangerous: false }],
    })
    const one = `${path}/${authorizations[1]?.uuid}`
    expect(await world.as('dave').get(one)).toEqual(authorizations[1])
    expect((await world.as('bob').request('GET', one)).status).toBe(404)
    expect((await world.as('bob').request('DELETE', one)).status).toBe(404)
    expect((await world.as('dave').request('DELETE', one)).status).toBe(204)
    expect((await extra.request('GET', user)).status).toBe(401)
    expect((await world.as('dave').request('DELETE', one)).status).toBe(404)
  })
})

describe('generateUserClientKey', () => {
  it('seals the password that is given, if it is right', async () => {
    const world = await createWorld()
    const ask = (typed: string) => world.as('dave').request('POST', '/api/v1/user/clientkey', { password: typed })
    expect((await ask('wrong-password')).status).toBe(400)
    expect((await ask(password)).status).toBe(429)
    world.tick(1000)
    const { key } = (await (await ask(password)).json()) as { key: string }
    const login = await world
      .client({ authorization: `Basic ${btoa(`dave:${key}`)}` })
      .request('GET', '/v2/auth?service=registry.test')
    expect(login.status).toBe(200)
    expect(await kinds(world)).toEqual(expect.arrayContaining(['user_generate_client_key']))
  })
})

describe('tokens', () => {
  it('note their use at most once a minute, after the answer', async () => {
    const world = await createWorld()
    const path = '/api/v1/organization/acme/applications/TESTSTESTSTESTSTESTS/tokens'
    const made = await world.as('alice').request('POST', path, { name: 'x', scope: 'user:read' })
    const { token, uuid } = (await made.json()) as { token: string; uuid: string }
    const noted = async () => {
      await world.settle()
      const { tokens } = await world.as('alice').get<{ tokens: { uuid: string; last_accessed: string | null }[] }>(path)
      return tokens.find((row) => row.uuid === uuid)?.last_accessed
    }
    const client = world.client({ authorization: `Bearer ${token}` })
    expect(await noted()).toBeNull()
    world.meter.reset()
    await client.request('GET', user)
    const first = await noted()
    expect(first).toBe('2026-03-01T12:00:00.250000Z')
    world.tick(59_999)
    await client.request('GET', user)
    expect(await noted()).toBe(first)
    world.tick(1)
    await client.request('GET', user)
    expect(await noted()).toBe('2026-03-01T12:01:00.250000Z')
  })
})
