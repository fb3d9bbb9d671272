import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { account, defaultGrant, repositoryGrant, teamMember } from '../../../../src/store/schema.ts'
import { formOf, refusal } from '../../../support/refusal.ts'
import { createWorld, type Person } from '../../../support/world.ts'

const ofAcme = '/api/v1/organization/acme/robots'
const ofCaller = '/api/v1/user/robots'
const unknown = 'Could not find robot with specified username'

interface Robot {
  name: string
  token?: string
  teams?: { name: string }[]
  repositories?: string[]
  unstructured_metadata?: unknown
}

describe('creating a robot', () => {
  it.each<{
    case: string
    as?: Person | 'nobody'
    scope?: string
    path: string
    body?: unknown
    settings?: Record<string, unknown>
    status: number
    text?: string
    view?: object
  }>([
    {
      case: 'creates one of an organization',
      path: `${ofAcme}/ci`,
      status: 201,
      view: { name: 'acme+ci', last_accessed: null, description: '', unstructured_metadata: null },
    },
    { case: 'creates one of the caller', path: `${ofCaller}/ci`, body: {}, status: 201, view: { name: 'alice+ci' } },
    {
      case: 'keeps a description and metadata',
      path: `${ofAcme}/ci`,
      body: { description: 'deploys', unstructured_metadata: { team: 'x', n: 1 } },
      status: 201,
      view: { description: 'deploys', unstructured_metadata: { team: 'x', n: 1 } },
    },
    { case: 'takes underscores', path: `${ofAcme}/a_b`, status: 201, view: { name: 'acme+a_b' } },
    { case: 'takes a body that is no JSON for none', path: `${ofAcme}/ci`, body: '{bad', status: 201 },
    { case: 'takes null for no body', path: `${ofAcme}/ci`, body: 'null', status: 201 },
    { case: 'refuses a second one', path: `${ofAcme}/old`, status: 400, text: 'Existing robot with name: acme+old' },
    {
      case: 'refuses capitals',
      path: `${ofAcme}/UP`,
      status: 400,
      text: "The name for the robot 'UP' is invalid: Namespace must match expression ^([a-z0-9]+(?:[._-][a-z0-9]+)*)$",
    },
    {
      case: 'refuses a short name',
      path: `${ofAcme}/a`,
      status: 400,
      text: "The name for the robot 'a' is invalid: Namespace must be between 2 and 255 characters in length",
    },
    {
      case: 'refuses a description that is no text',
      path: `${ofAcme}/ci`,
      body: { description: 5 },
      status: 400,
      text: "5 is not of type 'string'",
    },
    { case: 'refuses a long description', path: `${ofAcme}/ci`, body: { description: 'x'.repeat(256) }, status: 400 },
    {
      case: 'refuses metadata that is a list',
      path: `${ofAcme}/ci`,
      body: { unstructured_metadata: [] },
      status: 400,
      text: "[] is not of type 'object'",
    },
    {
      case: 'refuses where robots are not allowed',
      path: `${ofAcme}/ci`,
      settings: { ROBOTS_DISALLOW: true },
      status: 400,
      text: 'Robot accounts have been disabled. Please contact your administrator.',
    },
    {
      case: 'refuses a restricted user its own',
      path: `${ofCaller}/ci`,
      settings: { FEATURE_RESTRICTED_USERS: true },
      status: 403,
    },
    {
      case: 'knows no organization in the name of the caller',
      path: '/api/v1/organization/alice/robots/ci',
      status: 400,
      text: 'Organization does not exist: alice',
    },
    { case: 'refuses a member', as: 'bob', path: `${ofAcme}/ci`, status: 403 },
    { case: 'refuses a stranger', as: 'dave', path: `${ofAcme}/ci`, status: 403 },
    { case: 'refuses a token that reaches repositories only', scope: 'repo:admin', path: `${ofAcme}/ci`, status: 403 },
    {
      case: 'refuses a token that reaches organizations only the own',
      scope: 'org:admin',
      path: `${ofCaller}/ci`,
      status: 403,
    },
    { case: 'refuses nobody, as a forged request', as: 'nobody', path: `${ofCaller}/ci`, status: 403 },
  ])('$case', async ({ as = 'alice', scope, path, body, settings, status, text, view }) => {
    const world = await createWorld({ settings: { ...settings } })
    if (text?.startsWith('Existing')) await world.arrange('alice', `PUT ${ofAcme}/old`)
    const before = (await world.events()).length
    const client = scope ? await world.withScope(as as Person, scope) : world.as(as)
    world.meter.reset()

    const type: Record<string, string> = typeof body === 'string' ? { 'content-type': 'application/json' } : {}
    const response = await client.request('PUT', path, body, type)

    expect(response.status).toBe(status)
    if (!scope) expect(world.meter.roundTrips).toBe(status === 201 ? 2 : 1)
    if (text) expect(await refusal(response)).toBe(text)
    if (status === 201) {
      const robot = await response.json<Robot>()
      expect(robot.token).toMatch(/^[A-Z0-9]{64}$/)
      if (view) expect(robot).toMatchObject(view)
    }
    expect(await world.kindsSince(before)).toEqual(status === 201 ? ['create_robot'] : [])
  })

  it('keeps no token in the clear, nor says it in the log', async () => {
    const world = await createWorld()
    const created = await (await world.as('alice').request('PUT', `${ofAcme}/ci`)).json<Robot>()
    const [[row], events] = await world.store.batch([
      world.store.select().from(account).where(eq(account.username, 'acme+ci')),
      world.store.select().from(account),
    ])
    expect(row?.encryptedToken).toBeTruthy()
    expect(JSON.stringify([row, events, await world.events()])).not.toContain(created.token)
    expect((await world.events())[0]?.metadata).toMatchObject({
      robot: 'ci',
      description: null,
      unstructured_metadata: null,
    })
  })
})

describe('looking at robots', () => {
  const seeded = async (settings: Record<string, unknown> = {}) => {
    const world = await createWorld({ settings })
    await world.arrange(
      'alice',
      [`PUT ${ofAcme}/cd`, { description: 'deploys', unstructured_metadata: { n: 1 } }],
      `PUT ${ofAcme}/ci`,
      ['PUT /api/v1/repository/acme/app/permissions/user/acme+cd', { role: 'write' }],
      'PUT /api/v1/organization/acme/team/readers/members/acme+cd',
      `PUT ${ofCaller}/own`,
    )
    return world
  }

  it.each<{ case: string; as?: Person | 'nobody'; scope?: string; query?: string; status?: number; keys?: string[] }>([
    { case: 'shows an owner the tokens', keys: ['token'] },
    { case: 'hides tokens when asked to', query: 'token=false', keys: [] },
    { case: 'shows an owner what they may do', query: 'permissions=true', keys: ['teams', 'repositories', 'token'] },
    {
      case: 'shows what they may do without tokens',
      query: 'permissions=true&token=false',
      keys: ['teams', 'repositories'],
    },
    { case: 'shows a member the names only', as: 'carol', query: 'permissions=true', keys: [] },
    {
      case: 'shows a read-only superuser all but the tokens',
      as: 'auditor',
      query: 'permissions=true',
      keys: ['teams', 'repositories'],
    },
    { case: 'shows an owner by repo:create the names only', scope: 'repo:create', query: 'permissions=true', keys: [] },
    { case: 'refuses a superuser', as: 'admin', status: 403 },
    { case: 'refuses a stranger', as: 'dave', status: 403 },
    { case: 'refuses nobody', as: 'nobody', status: 401 },
    { case: 'refuses a limit that is no number', as: 'dave', query: 'limit=abc', status: 400 },
  ])('$case', async ({ as = 'alice', scope, query = '', status = 200, keys = [] }) => {
    const world = await seeded()
    const client = scope ? await world.withScope(as as Person, scope) : world.as(as)
    world.meter.reset()
    const response = await client.request('GET', `${ofAcme}?${query}`)
    expect(response.status).toBe(status)
    if (status !== 200) return
    if (!scope) expect(world.meter.roundTrips).toBe(1)
    const { robots } = await response.json<{ robots: Robot[] }>()
    expect(robots.map(({ name }) => name)).toEqual(['acme+cd', 'acme+ci'])
    const optional = Object.keys(robots[0] ?? {}).filter((key) => ['teams', 'repositories', 'token'].includes(key))
    expect(optional).toEqual(keys)
    if (keys.includes('teams')) expect(robots[0]).toMatchObject({ teams: [{ name: 'readers' }], repositories: ['app'] })
    if (keys.includes('teams')) expect(robots[1]).toMatchObject({ teams: [], repositories: [] })
  })

  it.each([
    ['limit=1', 1],
    ['limit=5', 2],
    ['limit=1&permissions=true', 1],
  ])('limits robots, not what belongs to them: %s', async (query, count) => {
    const world = await seeded()
    const { robots } = await world.as('alice').get<{ robots: Robot[] }>(`${ofAcme}?${query}`)
    expect(robots).toHaveLength(count)
    if (query.includes('permissions')) expect(robots[0]).toMatchObject({ repositories: ['app'] })
  })

  it('lists those used last first', async () => {
    const world = await seeded()
    const used = world.store.update(account).set({ lastAccessedAt: world.clock.now })
    await world.store.batch([used.where(eq(account.username, 'acme+ci'))])
    const { robots } = await world.as('alice').get<{ robots: Robot[] }>(ofAcme)
    expect(robots).toMatchObject([
      { name: 'acme+ci', last_accessed: 'Sun, 01 Mar 2026 12:00:00 -0000' },
      { name: 'acme+cd' },
    ])
  })

  it('shows one with its token and its metadata', async () => {
    const world = await seeded()
    const one = await world.as('alice').get<Robot>(`${ofAcme}/cd`)
    expect(one).toMatchObject({
      name: 'acme+cd',
      created: 'Sun, 01 Mar 2026 12:00:00 -0000',
      last_accessed: null,
      description: 'deploys',
      unstructured_metadata: { n: 1 },
    })
    expect(one.token).toMatch(/^[A-Z0-9]{64}$/)
    expect((await world.as('alice').get<Robot>(`${ofAcme}/ci`)).unstructured_metadata).toEqual({})
    expect(await world.as('auditor').get(`${ofAcme}/cd`)).not.toHaveProperty('token')
    expect((await world.as('alice').get<Robot>(`${ofCaller}/own`)).token).toMatch(/^[A-Z0-9]{64}$/)
    expect((await world.as('carol').request('GET', `${ofAcme}/cd`)).status).toBe(403)
  })

  it('shows the caller’s own under the caller’s name too, and those of nobody else', async () => {
    const world = await seeded()
    const own = await world.as('alice').get<{ robots: Robot[] }>(ofCaller)
    expect(own.robots.map(({ name }) => name)).toEqual(['alice+own'])
    expect(await world.as('alice').get('/api/v1/organization/alice/robots')).toEqual(own)
    expect((await world.as('bob').request('GET', '/api/v1/organization/alice/robots')).status).toBe(403)
    expect(await world.as('bob').get(ofCaller)).toEqual({ robots: [] })
  })

  it('shows what it was granted', async () => {
    const world = await seeded()
    const path = `${ofAcme}/cd/permissions`
    expect(await world.as('alice').get(path)).toEqual({
      permissions: [{ repository: { name: 'app', is_public: false }, role: 'write' }],
    })
    expect((await world.as('auditor').request('GET', path)).status).toBe(200)
    const denied = await world.as('carol').request('GET', path)
    expect([denied.status, await formOf(denied)]).toEqual([403, 'message'])
    const unscoped = await (await world.withScope('alice', 'org:admin')).request('GET', path)
    expect([unscoped.status, await formOf(unscoped)]).toEqual([403, 'problem'])
    expect(await world.as('alice').get(`${ofCaller}/own/permissions`)).toEqual({ permissions: [] })
  })

  it('does not say when a robot was used where that is not kept', async () => {
    const world = await seeded({ FEATURE_USER_LAST_ACCESSED: false })
    await world.store.batch([world.store.update(account).set({ lastAccessedAt: world.clock.now })])
    expect(await world.as('alice').get(`${ofAcme}/cd`)).toMatchObject({ last_accessed: null })
  })

  it.each([
    ['GET', ''],
    ['DELETE', ''],
    ['GET', '/permissions'],
    ['POST', '/regenerate'],
    ['GET', '/federation'],
    ['DELETE', '/federation'],
  ])('a robot that is not there is a 400, which clients match on: %s %s', async (method, suffix) => {
    const world = await createWorld()
    for (const path of [ofAcme, ofCaller]) {
      const response = await world.as('alice').request(method, `${path}/none${suffix}`)
      expect([response.status, await formOf(response), await refusal(response)]).toEqual([400, 'message', unknown])
    }
    expect((await world.as('carol').request(method, `${ofAcme}/none${suffix}`)).status).toBe(403)
    expect(await world.events()).toEqual([])
  })

  it.each([
    ['GET', '', 400],
    ['GET', '/permissions', 400],
    ['POST', '/regenerate', 400],
    ['DELETE', '', 204],
    ['GET', '/federation', 200],
  ])('under the caller’s own name: %s %s is %i', async (method, suffix, status) => {
    const world = await seeded()
    const response = await world.as('alice').request(method, `/api/v1/organization/alice/robots/own${suffix}`)
    expect(response.status).toBe(status)
    if (status === 400) expect(await refusal(response)).toBe('Organization does not exist: alice')
  })
})

describe('regenerating a token', () => {
  it('replaces it, and the picture', async () => {
    const world = await createWorld()
    await world.arrange('alice', `PUT ${ofAcme}/ci`, 'PUT /api/v1/organization/acme/team/readers/members/acme+ci')
    const alice = world.as('alice')
    const before = await alice.get<Robot>(`${ofAcme}/ci`)
    const picture = async () =>
      (await alice.get<{ avatar: { hash: string } }>('/api/v1/organization/acme/members/acme+ci')).avatar.hash
    const hash = await picture()
    const lines = (await world.events()).length

    const regenerated = await (await alice.request('POST', `${ofAcme}/ci/regenerate`)).json<Robot>()

    expect(regenerated.token).toMatch(/^[A-Z0-9]{64}$/)
    expect(regenerated.token).not.toBe(before.token)
    expect(regenerated).not.toHaveProperty('unstructured_metadata')
    expect((await alice.get<Robot>(`${ofAcme}/ci`)).token).toBe(regenerated.token)
    expect(await picture()).not.toBe(hash)
    expect(await world.kindsSince(lines)).toEqual(['regenerate_robot_token'])
    expect((await world.as('bob').request('POST', `${ofAcme}/ci/regenerate`)).status).toBe(403)
    expect((await world.as('auditor').request('POST', `${ofAcme}/ci/regenerate`)).status).toBe(403)
  })
})

describe("a robot's token", () => {
  it('signs in until there is another one', async () => {
    const world = await createWorld()
    const alice = world.as('alice')
    const signIn = async (token: string | undefined) => {
      const basic = { authorization: `Basic ${btoa(`acme+ci:${token}`)}` }
      return (await world.client(basic).request('GET', '/v2/auth?service=registry.test')).status
    }
    const { token: first } = await (await alice.request('PUT', `${ofAcme}/ci`)).json<Robot>()
    expect(await signIn(first)).toBe(200)
    const { token: second } = await (await alice.request('POST', `${ofAcme}/ci/regenerate`)).json<Robot>()
    expect([await signIn(first), await signIn(second)]).toEqual([401, 200])
    await world.arrange('alice', `DELETE ${ofAcme}/ci`, `PUT ${ofAcme}/ci`)
    expect(await signIn(second)).toBe(401)
  })
})

describe('deleting a robot', () => {
  it('takes memberships, grants and default grants along', async () => {
    const world = await createWorld()
    const byRobot = { role: 'read', delegate: { kind: 'user', name: 'acme+ci' } }
    await world.arrange(
      'alice',
      `PUT ${ofAcme}/ci`,
      ['PUT /api/v1/repository/acme/app/permissions/user/acme+ci', { role: 'write' }],
      'PUT /api/v1/organization/acme/team/readers/members/acme+ci',
      ['POST /api/v1/organization/acme/prototypes', byRobot],
      [
        'POST /api/v1/organization/acme/prototypes',
        { role: 'read', delegate: { kind: 'team', name: 'readers' }, activating_user: { name: 'acme+ci' } },
      ],
    )
    const [app, pub] = [await world.generation('acme/app'), await world.generation('acme/pub')]
    const lines = (await world.events()).length

    await world.arrange('alice', `DELETE ${ofAcme}/ci`)

    const { store } = world
    const [robots, grants, memberships, defaults] = await store.batch([
      store.select().from(account).where(eq(account.kind, 'robot')),
      store.select().from(repositoryGrant),
      store.select().from(teamMember),
      store.select().from(defaultGrant),
    ])
    expect([robots.length, grants.length, memberships.length, defaults.length]).toEqual([0, 6, 3, 0])
    expect([await world.generation('acme/app'), await world.generation('acme/pub')]).toEqual([app + 1, pub + 1])
    expect(await world.kindsSince(lines)).toEqual(['delete_robot'])
    // The name is free again, and inherits nothing.
    await world.arrange('alice', `PUT ${ofAcme}/ci`)
    expect(await world.as('alice').get(`${ofAcme}?permissions=true`)).toMatchObject({
      robots: [{ name: 'acme+ci', teams: [], repositories: [] }],
    })
  })

  it.each<[Person | 'nobody', number]>([
    ['nobody', 403],
    ['dave', 403],
    ['carol', 403],
    ['auditor', 403],
    ['admin', 403],
    ['alice', 204],
  ])('by %s is %i', async (who, status) => {
    const world = await createWorld()
    await world.arrange('alice', `PUT ${ofAcme}/ci`)
    expect((await world.as(who).request('DELETE', `${ofAcme}/ci`)).status).toBe(status)
    expect(await world.kindsSince(1)).toEqual(status === 204 ? ['delete_robot'] : [])
  })
})

describe('federation of a robot', () => {
  const one = { issuer: 'https://issuer.example.com', subject: 'sub' }

  it.each<{ case: string; as?: Person; body: unknown; status: number; text?: string; stored: unknown[] }>([
    {
      case: 'takes an entry and drops what it does not know',
      body: [{ ...one, isExpanded: true }],
      status: 200,
      stored: [one],
    },
    {
      case: 'takes two entries',
      body: [one, { ...one, subject: 'other' }],
      status: 200,
      stored: [one, { ...one, subject: 'other' }],
    },
    { case: 'takes none', body: [], status: 200, stored: [] },
    { case: 'wants an issuer', body: [{}], status: 400, text: "'issuer' is a required property", stored: [] },
    {
      case: 'wants a subject with text in it',
      body: [{ ...one, subject: '' }],
      status: 400,
      text: 'Missing one or more required fields (issuer, subject)',
      stored: [],
    },
    {
      case: 'wants an address',
      body: [{ ...one, issuer: 'ftp://x' }],
      status: 400,
      text: 'Issuer must be a URL (http:// or https://)',
      stored: [],
    },
    {
      case: 'wants every entry once',
      body: [one, one],
      status: 400,
      text: 'Duplicate federation config entry',
      stored: [],
    },
    { case: 'wants a list', body: {}, status: 400, text: "{} is not of type 'array'", stored: [] },
    { case: 'wants a body', body: 'null', status: 400, text: 'Missing JSON body', stored: [] },
    { case: 'refuses a member', as: 'carol', body: [one], status: 403, stored: [] },
    { case: 'refuses a read-only superuser', as: 'auditor', body: [one], status: 403, stored: [] },
  ])('$case', async ({ as = 'alice', body, status, text, stored }) => {
    const world = await createWorld()
    await world.arrange('alice', `PUT ${ofAcme}/ci`)
    const path = `${ofAcme}/ci/federation`

    const response = await world.as(as).request('POST', path, body, { 'content-type': 'application/json' })

    expect(response.status).toBe(status)
    if (text) expect([await formOf(response), await refusal(response)]).toEqual(['problem', text])
    if (status === 200) expect(await response.json()).toEqual(stored)
    expect(await world.as('auditor').get(path)).toEqual(stored)
    expect(await world.kindsSince(1)).toEqual(status === 200 ? ['create_robot_federation'] : [])
  })

  it('is forgotten', async () => {
    const world = await createWorld()
    await world.arrange('dave', `PUT ${ofCaller}/ci`, [`POST ${ofCaller}/ci/federation`, [one]])
    expect(await world.as('dave').get(`${ofCaller}/ci/federation`)).toEqual([one])
    await world.arrange('dave', `DELETE ${ofCaller}/ci/federation`)
    expect(await world.as('dave').get(`${ofCaller}/ci/federation`)).toEqual([])
    expect(await world.kindsSince(1)).toEqual(['create_robot_federation', 'delete_robot_federation'])
  })
})
