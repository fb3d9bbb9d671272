import { describe, expect, it } from 'vitest'
import { formOf, refusal } from '../../../support/refusal.ts'
import { createWorld, type Person, type World } from '../../../support/world.ts'

const prototypes = '/api/v1/organization/acme/prototypes'
const toReaders = { role: 'read', delegate: { kind: 'team', name: 'readers' } }

interface Prototype {
  id: string
  role: string
  delegate: { name: string }
  activating_user: { name: string } | null
}

const listed = async (world: World) => (await world.as('alice').get<{ prototypes: Prototype[] }>(prototypes)).prototypes

async function withOne() {
  const world = await createWorld()
  await world.arrange('alice', [`POST ${prototypes}`, toReaders])
  const [one] = await listed(world)
  return { world, path: `${prototypes}/${one?.id}`, lines: (await world.events()).length }
}

describe('createOrganizationPrototypePermission', () => {
  it.each<{
    case: string
    as?: Person | 'nobody'
    scope?: string
    body: unknown
    status: number
    text?: string
    form?: string
    view?: object
  }>([
    {
      case: 'takes a team',
      body: toReaders,
      status: 200,
      view: {
        activating_user: null,
        delegate: { name: 'readers', kind: 'team', avatar: { kind: 'team' } },
        role: 'read',
      },
    },
    {
      case: 'takes a robot, for what one user creates',
      body: {
        role: 'write',
        delegate: { kind: 'user', name: 'acme+ci', is_robot: true },
        activating_user: { name: 'bob' },
      },
      status: 200,
      view: {
        activating_user: { name: 'bob', is_robot: false, kind: 'user', is_org_member: true },
        delegate: { name: 'acme+ci', is_robot: true, kind: 'user', is_org_member: true, avatar: { kind: 'robot' } },
      },
    },
    {
      case: 'takes a user who is no member',
      body: { role: 'admin', delegate: { kind: 'user', name: 'dave' } },
      status: 200,
      view: { delegate: { name: 'dave', is_org_member: false } },
    },
    { case: 'wants a role', body: {}, status: 400, text: "'role' is a required property" },
    { case: 'wants a delegate', body: { role: 'read' }, status: 400, text: "'delegate' is a required property" },
    {
      case: 'wants a role that it knows',
      body: { ...toReaders, role: 'owner' },
      status: 400,
      text: "'owner' is not one of ['read', 'write', 'admin']",
    },
    {
      case: 'wants a kind',
      body: { role: 'read', delegate: { name: 'x' } },
      status: 400,
      text: "'kind' is a required property",
    },
    {
      case: 'wants a kind that it knows',
      body: { role: 'read', delegate: { kind: 'robot', name: 'x' } },
      status: 400,
      text: "'robot' is not one of ['user', 'team']",
    },
    {
      case: 'wants no activating user that is null',
      body: { ...toReaders, activating_user: null },
      status: 400,
      text: "None is not of type 'object'",
    },
    { case: 'wants an object', body: '"text"', status: 400, text: "'text' is not of type 'object'" },
    {
      case: 'knows no other user to activate it',
      body: { ...toReaders, activating_user: { name: 'nosuch' } },
      status: 400,
      text: 'Unknown activating user',
    },
    {
      case: 'knows no other user to grant to',
      body: { role: 'read', delegate: { kind: 'user', name: 'nosuch' } },
      status: 400,
      text: 'Missing delegate user or team',
    },
    {
      case: 'knows no other team to grant to',
      body: { role: 'read', delegate: { kind: 'team', name: 'none' } },
      status: 400,
      text: 'Team does not exist: acme/none',
      form: 'message',
    },
    {
      case: 'checks the body before the caller',
      as: 'dave',
      body: {},
      status: 400,
      text: "'role' is a required property",
    },
    { case: 'refuses a stranger', as: 'dave', body: toReaders, status: 403 },
    { case: 'refuses a member', as: 'bob', body: toReaders, status: 403 },
    { case: 'refuses a read-only superuser', as: 'auditor', body: toReaders, status: 403 },
    { case: 'refuses a token that reaches repositories only', scope: 'repo:admin', body: toReaders, status: 403 },
    { case: 'refuses nobody, as a forged request', as: 'nobody', body: toReaders, status: 403 },
  ])('$case', async ({ as = 'alice', scope, body, status, text, form = 'problem', view }) => {
    const world = await createWorld()
    await world.arrange('alice', 'PUT /api/v1/organization/acme/robots/ci')
    const client = scope ? await world.withScope(as as Person, scope) : world.as(as)
    world.meter.reset()

    const response = await client.request('POST', prototypes, body, { 'content-type': 'application/json' })

    expect(response.status).toBe(status)
    if (!scope) expect(world.meter.roundTrips).toBe(status === 200 ? 2 : 1)
    if (text) expect([await formOf(response), await refusal(response)]).toEqual([form, text])
    const all = await listed(world)
    expect(all).toHaveLength(status === 200 ? 1 : 0)
    if (status === 200) expect(await response.json()).toEqual(all[0])
    if (view) expect(all[0]).toMatchObject(view)
    expect(await world.kindsSince(1)).toEqual(status === 200 ? ['create_prototype_permission'] : [])
  })

  it('allows duplicates', async () => {
    const world = await createWorld()
    await world.arrange('alice', [`POST ${prototypes}`, toReaders], [`POST ${prototypes}`, toReaders])
    const ids = (await listed(world)).map(({ id }) => id)
    expect(new Set(ids).size).toBe(2)
  })

  it('says in the log whom it names', async () => {
    const world = await createWorld()
    await world.arrange('alice', [`POST ${prototypes}`, { ...toReaders, activating_user: { name: 'bob' } }])
    const [event] = await world.events()
    expect(event?.metadata).toMatchObject({
      username: 'alice',
      activating_username: 'bob',
      role: 'read',
      delegate_team: 'readers',
      prototypeid: (await listed(world))[0]?.id,
    })
  })
})

describe('updateOrganizationPrototypePermission', () => {
  it.each<{ case: string; as?: Person | 'nobody'; body: unknown; status: number; text?: string }>([
    { case: 'changes the role', body: { role: 'admin' }, status: 200 },
    { case: 'wants a role', body: {}, status: 400, text: "'role' is a required property" },
    { case: 'wants a role that is text', body: { role: null }, status: 400, text: "None is not of type 'string'" },
    { case: 'refuses a stranger', as: 'dave', body: { role: 'admin' }, status: 403 },
    { case: 'refuses a member', as: 'carol', body: { role: 'admin' }, status: 403 },
  ])('$case', async ({ as = 'alice', body, status, text }) => {
    const { world, path, lines } = await withOne()
    const response = await world.as(as).request('PUT', path, body)
    expect(response.status).toBe(status)
    if (text) expect(await refusal(response)).toBe(text)
    expect((await listed(world))[0]?.role).toBe(status === 200 ? 'admin' : 'read')
    expect(await world.kindsSince(lines)).toEqual(status === 200 ? ['modify_prototype_permission'] : [])
    if (status === 200) {
      expect((await world.events()).at(-1)?.metadata).toMatchObject({ role: 'admin', original_role: 'read' })
    }
  })
})

describe('deleteOrganizationPrototypePermission', () => {
  it.each<[Person | 'nobody', number]>([
    ['alice', 204],
    ['bob', 403],
    ['dave', 403],
    ['auditor', 403],
    ['nobody', 403],
  ])('by %s is %i', async (who, status) => {
    const { world, path, lines } = await withOne()
    expect((await world.as(who).request('DELETE', path)).status).toBe(status)
    expect(await listed(world)).toHaveLength(status === 204 ? 0 : 1)
    expect(await world.kindsSince(lines)).toEqual(status === 204 ? ['delete_prototype_permission'] : [])
    if (status === 204) expect((await world.as(who).request('DELETE', path)).status).toBe(404)
  })
})

describe('default permissions', () => {
  it('of another organization are not found', async () => {
    const { world, path, lines } = await withOne()
    await world.arrange('dave', ['POST /api/v1/organization/', { name: 'dunder' }])
    const elsewhere = path.replace('acme', 'dunder')
    expect((await world.as('dave').request('PUT', elsewhere, { role: 'admin' })).status).toBe(404)
    expect((await world.as('dave').request('DELETE', elsewhere)).status).toBe(404)
    expect((await listed(world))[0]?.role).toBe('read')
    expect(await world.kindsSince(lines)).toEqual(['org_create'])
  })

  it.each<[Person | 'nobody', number]>([
    ['alice', 200],
    ['auditor', 200],
    ['admin', 403],
    ['bob', 403],
    ['dave', 403],
    ['nobody', 401],
  ])('are shown to %s: %i', async (who, status) => {
    const world = await createWorld()
    expect((await world.as(who).request('GET', prototypes)).status).toBe(status)
  })

  it('are not there for a user', async () => {
    const world = await createWorld()
    expect((await world.as('alice').request('GET', '/api/v1/organization/alice/prototypes')).status).toBe(404)
    expect((await world.as('alice').request('GET', '/api/v1/organization/nosuch/prototypes')).status).toBe(403)
  })

  it('apply when a repository is created: the creator’s own beats the general one', async () => {
    const world = await createWorld()
    await world.arrange(
      'alice',
      [`PUT /api/v1/organization/acme/team/writers`, { role: 'creator' }],
      [`POST ${prototypes}`, toReaders],
      [`POST ${prototypes}`, { ...toReaders, role: 'admin', activating_user: { name: 'bob' } }],
      [`POST ${prototypes}`, { role: 'read', delegate: { kind: 'user', name: 'bob' } }],
      [`POST ${prototypes}`, { role: 'write', delegate: { kind: 'user', name: 'dave' } }],
    )
    const create = (name: string) =>
      [
        'POST /api/v1/repository',
        { namespace: 'acme', repository: name, visibility: 'private', description: '' },
      ] as const
    await world.arrange('bob', create('of-bob'))
    await world.arrange('alice', create('of-alice'))
    const held = async (name: string) => {
      const base = `/api/v1/repository/acme/${name}/permissions`
      const rolesIn = (view: { permissions: Record<string, { role: string }> }) =>
        Object.fromEntries(Object.entries(view.permissions).map(([key, { role }]) => [key, role]))
      return {
        ...rolesIn(await world.as('alice').get(`${base}/user/`)),
        ...rolesIn(await world.as('alice').get(`${base}/team/`)),
      }
    }
    expect(await held('of-bob')).toEqual({ bob: 'admin', dave: 'write', readers: 'admin' })
    expect(await held('of-alice')).toEqual({ alice: 'admin', bob: 'read', dave: 'write', readers: 'read' })
  })
})

describe('a default permission', () => {
  const ofUser = { role: 'read', delegate: { kind: 'user', name: 'dave' }, activating_user: { name: 'bob' } }
  const entity = 'name is_robot kind is_org_member avatar'.split(' ')

  it('shows its keys in their order', async () => {
    const world = await createWorld()
    await world.arrange('alice', [`POST ${prototypes}`, toReaders], [`POST ${prototypes}`, ofUser])
    const [general, own] = await listed(world)
    for (const each of [general, own]) {
      expect(Object.keys(each ?? {})).toEqual(['activating_user', 'delegate', 'role', 'id'])
      expect(each?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/)
    }
    expect(Object.keys(general?.delegate ?? {})).toEqual(['name', 'kind', 'avatar'])
    expect(Object.keys(own?.delegate ?? {})).toEqual(entity)
    expect(Object.keys(own?.activating_user ?? {})).toEqual(entity)
    const changed = await world.as('alice').request('PUT', `${prototypes}/${own?.id}`, { role: 'write' })
    expect(await changed.json()).toEqual({ ...own, role: 'write' })
  })

  it.each([
    { body: toReaders, says: { activating_username: null, delegate_team: 'readers' } },
    { body: ofUser, says: { activating_username: 'bob', delegate_user: 'dave' } },
  ])('is written down as it is made, changed and deleted: $says', async ({ body, says }) => {
    const world = await createWorld()
    await world.arrange('alice', [`POST ${prototypes}`, body])
    const prototypeid = (await listed(world))[0]?.id
    const path = `${prototypes}/${prototypeid}`
    await world.arrange('alice', [`PUT ${path}`, { role: 'admin' }], `DELETE ${path}`)
    const common = { prototypeid, username: 'alice', ...says }
    const written = (await world.events()).map(({ kind, metadata }) => [
      kind,
      Object.fromEntries(Object.entries(metadata).filter(([key]) => !key.startsWith('oauth_'))),
    ])
    expect(written).toEqual([
      ['create_prototype_permission', { ...common, role: 'read' }],
      ['modify_prototype_permission', { ...common, role: 'admin', original_role: 'read' }],
      ['delete_prototype_permission', { ...common, role: 'admin' }],
    ])
  })

  it.each(['PUT', 'DELETE'])('that nobody made is not found: %s', async (method) => {
    const world = await createWorld()
    const path = `${prototypes}/00000000-0000-4000-8000-000000000000`
    const body = method === 'PUT' ? { role: 'read' } : undefined
    expect((await world.as('alice').request(method, path, body)).status).toBe(404)
    expect((await world.as('dave').request(method, path, body)).status).toBe(403)
    expect(await world.events()).toEqual([])
  })
})
