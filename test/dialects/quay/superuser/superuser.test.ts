import { describe, expect, it } from 'vitest'
import { Browser } from '../../../support/browser.ts'
import { createWorld, everyScope, type Person, password, type World } from '../../../support/world.ts'

const base = '/api/v1/superuser'
const kinds = async (world: World) => (await world.events()).map(({ kind }) => kind)

describe('the superusers’ endpoints', () => {
  const reads = [
    'users/',
    'users/alice',
    'organizations/',
    'keys',
    'logs',
    'aggregatelogs',
    'changelog/',
    'registrysize/',
  ]
  const writes: [method: string, path: string, body?: unknown][] = [
    ['POST', 'users/', { username: 'eve' }],
    ['PUT', 'users/dave', { enabled: false }],
    ['DELETE', 'users/dave'],
    ['PUT', 'organizations/acme', { name: 'acme2' }],
    ['DELETE', 'organizations/acme'],
    ['POST', 'takeownership/acme'],
    ['POST', 'keys', { service: 'a', expiration: null }],
    ['PUT', 'keys/1234', {}],
    ['DELETE', 'keys/1234'],
    ['POST', 'approvedkeys/1234', {}],
    ['POST', 'registrysize/'],
  ]

  it.each<{ as: Person | 'nobody'; read: number; write: number }>([
    { as: 'nobody', read: 401, write: 403 },
    { as: 'dave', read: 403, write: 403 },
    { as: 'auditor', read: 200, write: 403 },
    { as: 'admin', read: 200, write: 0 },
  ])('$as reads with $read and writes with $write', async ({ as, read, write }) => {
    const world = await createWorld()
    for (const path of reads) {
      expect((await world.as(as).request('GET', `${base}/${path}`)).status, path).toBe(read)
    }
    if (write === 0) return
    for (const [method, path, body] of writes) {
      expect((await world.as(as).request(method, `${base}/${path}`, body)).status, `${method} ${path}`).toBe(write)
    }
    expect(await kinds(world)).toEqual([])
  })

  it('want the scope super:user, but of a read-only superuser no scope', async () => {
    const world = await createWorld()
    const ordinary = await world.withScope('admin', everyScope)
    expect((await ordinary.request('GET', `${base}/users/`)).status).toBe(403)
    const auditor = await world.withScope('auditor', 'repo:read')
    expect((await auditor.request('GET', `${base}/users/`)).status).toBe(200)
  })

  it('check the body before the role, and the login before the body', async () => {
    const world = await createWorld()
    const guest = await new Browser(world).open()
    const bad = { username: 5 }
    expect((await guest.request('POST', `${base}/users/`, bad)).status).toBe(401)
    expect((await world.as('dave').request('POST', `${base}/users/`, bad)).status).toBe(400)
    expect((await world.as('dave').request('POST', `${base}/users/`, { username: 'eve' })).status).toBe(403)
  })

  it('want a fresh login of a browser, but for reading keys', async () => {
    const world = await createWorld()
    const browser = new Browser(world)
    await browser.signIn('admin')
    world.tick(600_001)
    expect(await (await browser.request('GET', `${base}/users/`)).json()).toMatchObject({
      error_type: 'fresh_login_required',
    })
    expect((await browser.request('GET', `${base}/keys`)).status).toBe(200)
  })

  it('are not there while FEATURE_SUPER_USERS is off', async () => {
    const world = await createWorld({ settings: { FEATURE_SUPER_USERS: false } })
    expect((await world.as('admin').request('GET', `${base}/users/`)).status).toBe(404)
    const options = await world.as('admin').request('OPTIONS', `${base}/users/`)
    expect(options.headers.get('allow')).toBeNull()
  })
})

describe('users', () => {
  it('are listed page by page', async () => {
    const world = await createWorld()
    type Page = { users: { username: string }[]; next_page?: string }
    const admin = world.as('admin')
    const first = await admin.get<Page>(`${base}/users/?limit=4`)
    expect(first.users.map(({ username }) => username)).toEqual(['admin', 'auditor', 'alice', 'bob'])
    const second = await admin.get<Page>(`${base}/users/?limit=4&next_page=${first.next_page}`)
    expect(second.users.map(({ username }) => username)).toEqual(['carol', 'dave'])
    expect(second).not.toHaveProperty('next_page')
    const garbage = await admin.get<Page>(`${base}/users/?limit=4&next_page=garbage`)
    expect(garbage.users).toEqual(first.users)
    expect(await admin.get<Page>(`${base}/users/`)).not.toHaveProperty('next_page')
    expect((await admin.request('GET', `${base}/users/?limit=101`)).status).toBe(400)
    expect((await admin.request('GET', `${base}/users/?limit=abc`)).status).toBe(400)
  })

  it('that are disabled are shut out, and can be left out of the list', async () => {
    const world = await createWorld()
    const admin = world.as('admin')
    const change = await admin.request('PUT', `${base}/users/dave`, { enabled: false })
    expect(await change.json()).toMatchObject({ username: 'dave', enabled: true })
    expect(await admin.get(`${base}/users/dave`)).toMatchObject({ enabled: false })
    type Page = { users: unknown[] }
    expect((await admin.get<Page>(`${base}/users/?disabled=false`)).users).toHaveLength(5)
    expect((await admin.get<Page>(`${base}/users/`)).users).toHaveLength(6)
    expect((await world.as('dave').request('GET', '/api/v1/user/')).status).toBe(401)
    const refused = await new Browser(world).signIn('dave')
    expect(await refused.json()).toEqual({
      needsEmailVerification: false,
      invalidCredentials: true,
      message: 'This user has been disabled. Please contact your administrator.',
    })
    await admin.request('PUT', `${base}/users/dave`, { enabled: true })
    expect((await world.as('dave').request('GET', '/api/v1/user/')).status).toBe(200)
    expect(await kinds(world)).toEqual(['user_disable', 'user_enable'])
  })

  it('get new passwords, which end their sessions, and new addresses', async () => {
    const world = await createWorld()
    const dave = new Browser(world)
    await dave.signIn('dave')
    const admin = world.as('admin')
    const put = async (body: unknown) => {
      const response = await admin.request('PUT', `${base}/users/dave`, body)
      return [response.status, (await response.json()) as Record<string, unknown>] as const
    }
    const [status, view] = await put({ password: 'another-password', email: 'new@example.com' })
    expect([status, view]).toEqual([
      200,
      expect.objectContaining({ email: 'new@example.com', encrypted_password: expect.any(String) }),
    ])
    expect(JSON.stringify(view)).not.toContain('another-password')
    expect((await put({ email: 'newer@example.com' }))[1]).not.toHaveProperty('encrypted_password')
    expect((await dave.request('GET', '/api/v1/user/')).status).toBe(401)
    expect((await new Browser(world).signIn('dave', 'another-password')).status).toBe(200)
    const before = await kinds(world)
    expect(await put({ email: 'bob@example.com', password: 'yet-another-one' })).toEqual([
      400,
      { message: 'E-mail address already used' },
    ])
    expect((await new Browser(world).signIn('dave', 'another-password')).status).toBe(200)
    expect((await put({ password: 'short' }))[0]).toBe(400)
    expect((await admin.request('PUT', `${base}/users/admin`, { enabled: false })).status).toBe(400)
    expect((await admin.request('PUT', `${base}/users/nosuch`, { enabled: true })).status).toBe(404)
    expect((await put({ superuser: false }))[0]).toBe(200)
    expect((await kinds(world)).filter((kind) => kind !== 'login_success')).toEqual(
      before.filter((kind) => kind !== 'login_success'),
    )
    expect(JSON.stringify(await world.events())).not.toContain('another-password')
  })
})

describe('organizations', () => {
  it('are listed with what stands for their address', async () => {
    const world = await createWorld()
    type Page = { organizations: { name: string; avatar: { kind: string } }[] }
    const { organizations } = await world.as('admin').get<Page>(`${base}/organizations/?limit=1`)
    expect(organizations).toMatchObject([{ name: 'acme', email: 'acme@example.com', avatar: { kind: 'org' } }])
  })

  it('are renamed together with their robots', async () => {
    const world = await createWorld()
    await world.as('alice').request('PUT', '/api/v1/organization/acme/robots/builder', {})
    const admin = world.as('admin')
    const rename = (name: unknown) => admin.request('PUT', `${base}/organizations/acme`, { name })
    expect(await (await rename('UP')).json()).toEqual({ message: expect.stringMatching(/^Invalid username UP: /) })
    expect(await (await rename('dave')).json()).toMatchObject({
      error_message: 'A user or organization with this name already exists',
    })
    expect(await (await rename('umbrella')).json()).toMatchObject({ name: 'umbrella' })
    expect((await admin.request('PUT', `${base}/organizations/nosuch`, { name: 'x1' })).status).toBe(404)
    expect((await world.as('alice').request('GET', '/api/v1/organization/acme')).status).toBe(404)
    const robots = await world.as('alice').get<{ robots: { name: string }[] }>('/api/v1/organization/umbrella/robots')
    expect(robots.robots.map(({ name }) => name)).toEqual(['umbrella+builder'])
    expect((await world.as('alice').request('GET', '/api/v1/repository/umbrella/app/tag/')).status).toBe(200)
    expect((await world.events()).at(-1)).toMatchObject({
      kind: 'org_change_name',
      metadata: { old_name: 'acme', new_name: 'umbrella', superuser: 'admin' },
    })
  })
})

describe('takeOwnership', () => {
  it('makes the superuser an admin of an organization', async () => {
    const world = await createWorld()
    const admin = world.as('admin')
    expect((await admin.request('PUT', '/api/v1/organization/acme', {})).status).toBe(403)
    expect(await (await admin.request('POST', `${base}/takeownership/acme`)).json()).toEqual({ namespace: 'acme' })
    expect(await admin.get('/api/v1/organization/acme')).toMatchObject({ is_admin: true })
    expect((await admin.request('POST', `${base}/takeownership/acme`)).status).toBe(200)
    expect((await world.events())[0]).toMatchObject({
      kind: 'take_ownership',
      namespaceId: world.ids.admin,
      metadata: { entity_id: world.ids.acme, namespace: 'acme', was_user: false, superuser: 'admin' },
    })
  })

  it('makes a user an organization of the superuser, and the user can sign in no more', async () => {
    const world = await createWorld()
    const admin = world.as('admin')
    expect((await admin.request('POST', `${base}/takeownership/bob`)).status).toBe(200)
    expect(await admin.get('/api/v1/organization/bob')).toMatchObject({ is_admin: true, ordered_teams: ['owners'] })
    expect((await world.as('bob').request('GET', '/api/v1/user/')).status).toBe(401)
    expect((await new Browser(world).signIn('bob')).status).toBe(403)
    expect((await admin.request('GET', '/api/v1/users/bob')).status).toBe(404)
  })

  it.each([
    { case: 'a superuser', name: 'admin', status: 400 },
    { case: 'nobody', name: 'nosuch', status: 404 },
  ])('refuses $case', async ({ name, status }) => {
    const world = await createWorld()
    expect((await world.as('admin').request('POST', `${base}/takeownership/${name}`)).status).toBe(status)
    expect(await kinds(world)).toEqual([])
  })
})

describe('service keys', () => {
  type Key = {
    kid: string
    name: string
    metadata: object
    expiration_date: string | null
    approval: unknown
    jwk: object
  }
  const make = async (world: World, body: Record<string, unknown> = {}) => {
    const asked = { service: 'scanner', expiration: null, name: 'a key', metadata: { a: 1 }, notes: 'why', ...body }
    return world.as('admin').request('POST', `${base}/keys`, asked)
  }

  it('are made with a real key pair, and approved at once', async () => {
    const world = await createWorld()
    const response = await make(world, { expiration: 1_900_000_000.5 })
    expect(response.status).toBe(200)
    const made = (await response.json()) as { kid: string; public_key: string; private_key: string }
    expect(made).toMatchObject({ service: 'scanner', name: 'a key' })
    expect(made.private_key).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\nMIIE[\s\S]+\n-----END RSA PRIVATE KEY-----\n$/)
    expect(await signsFor(made)).toBe(true)
    const key = await world.as('admin').get<Key>(`${base}/keys/${made.kid}`)
    expect(key).toMatchObject({
      kid: made.kid,
      jwk: { kty: 'RSA', e: 'AQAB', n: expect.any(String), kid: made.kid },
      metadata: { a: 1, creator: 'admin' },
      expiration_date: 'Sun, 17 Mar 2030 17:46:40 GMT',
      approval: { approver: { username: 'admin' }, approval_type: 'ServiceKeyApprovalType.SUPERUSER', notes: 'why' },
    })
    expect(JSON.stringify(key)).not.toContain('"d"')
    expect(await kinds(world)).toEqual(['service_key_create', 'service_key_approve'])
    expect(JSON.stringify(await world.events())).not.toContain('PRIVATE')
  })

  it('are renamed, noted, prolonged and deleted', async () => {
    const world = await createWorld()
    const admin = world.as('admin')
    const { kid } = (await (await make(world)).json()) as Key
    const put = async (body: unknown) =>
      (await (await admin.request('PUT', `${base}/keys/${kid}`, body)).json()) as Key & { error_message?: string }
    expect(await put({ name: 'new name' })).toMatchObject({ name: 'new name' })
    expect(await put({ metadata: { b: 2 } })).toMatchObject({ metadata: { a: 1, b: 2 } })
    expect((await put({ expiration: 1_900_000_000 })).expiration_date).toBe('Sun, 17 Mar 2030 17:46:40 GMT')
    expect((await put({ expiration: 5 })).error_message).toBe('Cannot have an expiration date in the past')
    expect((await put({ name: 'bad!' })).error_message).toBe('Invalid service key friendly name: bad!')
    expect((await put({ expiration: null })).expiration_date).toBeNull()
    expect((await admin.request('POST', `${base}/approvedkeys/${kid}`, {})).status).toBe(201)
    expect((await admin.request('DELETE', `${base}/keys/${kid}`)).status).toBe(204)
    expect((await admin.request('GET', `${base}/keys/${kid}`)).status).toBe(404)
    expect(await admin.get(`${base}/keys`)).toEqual({ keys: [] })
    expect((await kinds(world)).slice(2)).toEqual([
      'service_key_modify',
      'service_key_modify',
      'service_key_extend',
      'service_key_extend',
      'service_key_delete',
    ])
  })

  it.each([
    { body: { service: 'Bad Service' }, answer: { message: '' } },
    { body: { name: 'bad!' }, answer: { error_message: 'Invalid service key friendly name: bad!' } },
    { body: { expiration: 5 }, answer: { error_message: 'Expiration date cannot be in the past' } },
    { body: { expiration: 1e300 }, answer: { error_message: 'Invalid expiration date: 1e+300' } },
    { body: { expiration: undefined }, answer: { error_message: "'expiration' is a required property" } },
  ])('are refused with $answer', async ({ body, answer }) => {
    const world = await createWorld()
    const response = await make(world, body)
    expect([response.status, await response.json()]).toMatchObject([400, answer])
    expect(await kinds(world)).toEqual([])
  })
})

/** Whether both halves belong together. */
async function signsFor({ public_key, private_key }: { public_key: string; private_key: string }): Promise<boolean> {
  const der = (pem: string) => Uint8Array.from(atob(pem.replace(/-----.*-----|\s/g, '')), (c) => c.charCodeAt(0))
  const pkcs1 = der(private_key)
  const two = (n: number) => [n >> 8, n & 255]
  const header = [
    ...[0x02, 1, 0, 0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 5, 0],
    ...[4, 0x82, ...two(pkcs1.length)],
  ]
  const pkcs8 = Uint8Array.from([0x30, 0x82, ...two(header.length + pkcs1.length), ...header, ...pkcs1])
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign'])
  const publicKey = await crypto.subtle.importKey('spki', der(public_key), algorithm, false, ['verify'])
  const message = new TextEncoder().encode('hello')
  return crypto.subtle.verify(
    algorithm.name,
    publicKey,
    await crypto.subtle.sign(algorithm.name, privateKey, message),
    message,
  )
}

describe('logs', () => {
  it('of the whole registry come page by page, newest first, with whose they are', async () => {
    const world = await createWorld()
    const admin = world.as('admin')
    for (let i = 0; i < 25; i++) {
      await world.as('alice').request('POST', '/api/v1/organization/acme/applications', { name: `app ${i}` })
    }
    type Page = {
      logs: { kind: string; metadata: { application_name: string } }[]
      next_page?: string
      end_time: string
    }
    const first = await admin.get<Page>(`${base}/logs`)
    expect(first.logs).toHaveLength(20)
    expect(first.logs[0]).toMatchObject({
      kind: 'create_application',
      metadata: { application_name: 'app 24', oauth_token_application: 'tests' },
      performer: { kind: 'user', name: 'alice', is_robot: false, avatar: { kind: 'user' } },
      namespace: { kind: 'org', name: 'acme', avatar: { kind: 'org' } },
    })
    expect(first.end_time).toBe('Mon, 02 Mar 2026 12:00:00 -0000')
    const rest = await admin.get<Page>(`${base}/logs?next_page=${first.next_page}`)
    expect(rest.logs.map(({ metadata }) => metadata.application_name)).toEqual([
      'app 4',
      'app 3',
      'app 2',
      'app 1',
      'app 0',
    ])
    expect(rest).not.toHaveProperty('next_page')
    expect(await admin.get(`${base}/logs?starttime=1/5/2020&endtime=1/4/2020`)).toEqual({
      start_time: 'Sun, 05 Jan 2020 00:00:00 -0000',
      end_time: 'Sun, 05 Jan 2020 00:00:00 -0000',
      logs: [],
    })
    expect((await admin.request('GET', `${base}/logs?starttime=1/5/2020&endtime=1/1/2020`)).status).toBe(400)
    expect(await admin.get(`${base}/aggregatelogs`)).toEqual({
      aggregated: [{ kind: 'create_application', count: 25, datetime: 'Sun, 01 Mar 2026 00:00:00 -0000' }],
    })
    const long = await admin.request('GET', `${base}/aggregatelogs?starttime=1/1/2020&endtime=3/1/2020`)
    expect([long.status, await long.json()]).toEqual([400, { message: 'Invalid date range for logs' }])
  })
})

describe('the rest', () => {
  it('counts the registry after the answer, by one at a time', async () => {
    const world = await createWorld()
    const admin = world.as('admin')
    await world.image('acme/app', { layers: ['a', 'b'] })
    const size = () => admin.get<{ size_bytes: number; running: boolean }>(`${base}/registrysize/`)
    expect(await size()).toEqual({ size_bytes: 0, last_ran: null, queued: false, running: false })
    const queue = () => admin.request('POST', `${base}/registrysize/`, {})
    const [one, other] = await Promise.all([queue(), queue()])
    expect([one.status, other.status].sort()).toEqual([201, 202])
    expect([await one.text(), await other.text()]).toEqual(['""', '""'])
    await world.settle()
    const counted = await size()
    expect(counted).toMatchObject({ last_ran: world.clock.now.getTime(), running: false })
    expect(counted.size_bytes).toBeGreaterThan(0)
    expect((await queue()).status).toBe(201)
  })

  it('tells settings without their secrets, where that is switched on', async () => {
    const off = await createWorld()
    expect((await off.as('admin').request('GET', `${base}/config`)).status).toBe(403)
    const on = await createWorld({ settings: { FEATURE_SUPERUSER_CONFIGDUMP: true, LIBSQL_AUTH_TOKEN: 'a-secret' } })
    const text = await (await on.as('auditor').request('GET', `${base}/config`)).text()
    expect(text).not.toContain('a-secret')
    expect(text).not.toContain('a secret of the tests')
    expect(JSON.parse(text)).toMatchObject({
      config: { SUPER_USERS: ['admin'], SECRET_KEY: expect.stringMatching(/^\*+$/), FEATURE_SUPER_USERS: true },
      warning: {},
      env: {},
      schema: { type: 'object' },
    })
  })

  it('shows app tokens to read-only superusers and those with full access', async () => {
    for (const [settings, as, status] of [
      [{}, 'admin', 403],
      [{}, 'auditor', 200],
      [{ FEATURE_SUPERUSERS_FULL_ACCESS: true }, 'admin', 200],
    ] as const) {
      const world = await createWorld({ settings })
      await world.as('dave').request('POST', '/api/v1/user/apptoken', { title: 'laptop' })
      const response = await world.as(as).request('GET', `${base}/apptokens`)
      expect(response.status).toBe(status)
      const text = await response.text()
      if (status === 200) expect(JSON.parse(text)).toMatchObject({ tokens: [{ title: 'laptop' }], only_expiring: null })
      expect(text).not.toContain('token_code')
    }
  })

  it('knows no build', async () => {
    const world = await createWorld()
    const statuses = ['logs', 'logs/archive', 'status', 'build'].map(async (part) => {
      return (await world.as('admin').request('GET', `${base}/a1b2/${part}`)).status
    })
    expect(await Promise.all(statuses)).toEqual([400, 400, 400, 404])
  })

  it('makes users whose password and whose encrypted password both work', async () => {
    const world = await createWorld()
    const made = (await (
      await world.as('admin').request('POST', `${base}/users/`, { username: 'eve', email: 'eve@example.com' })
    ).json()) as { password: string; encrypted_password: string }
    expect(made).toEqual({
      username: 'eve',
      email: 'eve@example.com',
      password: expect.stringMatching(/^[A-Z0-9]{32}$/),
      encrypted_password: expect.any(String),
    })
    expect((await new Browser(world).signIn('eve', made.password)).status).toBe(200)
    expect((await new Browser(world).signIn('eve', made.encrypted_password)).status).toBe(403)
    world.tick(60_000)
    const login = (secret: string) =>
      world.client({ authorization: `Basic ${btoa(`eve:${secret}`)}` }).request('GET', '/v2/auth?service=registry.test')
    expect((await login(made.encrypted_password)).status).toBe(200)
    expect((await login(password)).status).toBe(401)
    const log = JSON.stringify(await world.events())
    expect(log).not.toContain(made.password)
    expect(log).not.toContain(made.encrypted_password)
  })
})
