import { describe, expect, it } from 'vitest'
import { formOf, refusal } from '../../../support/refusal.ts'
import { createWorld, type Person } from '../../../support/world.ts'

const permissions = '/api/v1/repository/acme/app/permissions'

interface Row {
  case: string
  as?: Person | 'nobody'
  status: number
  /** The text of the refusal, in whichever form it comes. */
  text?: string
}

describe('changeUserPermissions and changeTeamPermissions', () => {
  it.each<Row & { to: string; role?: unknown; body?: unknown; view?: object }>([
    {
      case: 'grants to a stranger',
      to: 'user/dave',
      role: 'read',
      status: 200,
      view: { role: 'read', name: 'dave', is_robot: false, is_org_member: false },
    },
    {
      case: 'grants to a member',
      to: 'user/carol',
      role: 'admin',
      status: 200,
      view: { role: 'admin', name: 'carol', is_org_member: true },
    },
    {
      case: 'changes what was granted',
      to: 'user/alice',
      role: 'read',
      status: 200,
      view: { role: 'read', name: 'alice' },
    },
    {
      case: 'changes what a team was granted',
      to: 'team/readers',
      role: 'write',
      status: 200,
      view: { role: 'write', name: 'readers', avatar: { kind: 'team' } },
    },
    {
      case: 'grants to another team',
      to: 'team/owners',
      role: 'read',
      status: 200,
      view: { role: 'read', name: 'owners' },
    },
    { case: 'knows no such user', to: 'user/nosuch', role: 'read', status: 400, text: 'Invalid username: nosuch' },
    {
      case: 'leaves the namespace alone',
      to: 'user/acme',
      role: 'read',
      status: 400,
      text: 'Namespace owner must always be admin.',
    },
    {
      case: 'knows no such team',
      to: 'team/none',
      role: 'read',
      status: 400,
      text: 'No team none in organization acme',
    },
    { case: 'wants a role', to: 'user/dave', body: {}, status: 400, text: "'role' is a required property" },
    {
      case: 'wants a role that it knows',
      to: 'user/dave',
      role: 'owner',
      status: 400,
      text: "'owner' is not one of ['read', 'write', 'admin']",
    },
    { case: 'wants a role that is text', to: 'team/readers', role: 5, status: 400, text: "5 is not of type 'string'" },
    { case: 'checks the caller before the body', as: 'carol', to: 'user/dave', body: {}, status: 403 },
    { case: 'refuses who may only write', as: 'bob', to: 'user/dave', role: 'read', status: 403 },
    { case: 'refuses a read-only superuser', as: 'auditor', to: 'user/dave', role: 'read', status: 403 },
    { case: 'refuses nobody, as a forged request', as: 'nobody', to: 'user/dave', role: 'read', status: 403 },
  ])('$case', async ({ as = 'alice', to, role, body = { role }, status, text, view }) => {
    const world = await createWorld()
    const before = await world.generation('acme/app')
    world.meter.reset()

    const response = await world.as(as).request('PUT', `${permissions}/${to}`, body)

    expect(world.meter.roundTrips).toBeLessThanOrEqual(status === 200 ? 2 : 1)
    expect(response.status).toBe(status)
    if (text) expect(await refusal(response)).toBe(text)
    if (view) expect(await response.json()).toMatchObject(view)
    const kinds = (await world.events()).map(({ kind }) => kind)
    expect(kinds).toEqual(status === 200 ? ['change_repo_permission'] : [])
    expect((await world.generation('acme/app')) - before).toBe(status === 200 ? 1 : 0)
  })
})

const robots = '/api/v1/organization/acme/robots'

describe('grants of robots', () => {
  it('are for robots of the namespace only', async () => {
    const world = await createWorld()
    await world.arrange('alice', `PUT ${robots}/ci`)
    await world.arrange('dave', 'PUT /api/v1/user/robots/bot')
    const alice = world.as('alice')
    const before = (await world.events()).length

    const own = await alice.request('PUT', `${permissions}/user/acme+ci`, { role: 'write' })
    const foreign = await alice.request('PUT', `${permissions}/user/dave+bot`, { role: 'write' })

    expect(own.status).toBe(200)
    expect(await own.json()).toMatchObject({
      name: 'acme+ci',
      is_robot: true,
      is_org_member: true,
      avatar: { kind: 'robot' },
    })
    expect(foreign.status).toBe(400)
    expect(await refusal(foreign)).toBe('Cannot add robot dave+bot under namespace acme')
    expect(await world.kindsSince(before)).toEqual(['change_repo_permission'])
  })
})

describe('deleteUserPermissions and deleteTeamPermissions', () => {
  it.each<Row & { of: string }>([
    { case: "takes a user's grant away", of: 'user/alice', status: 204 },
    { case: "takes a team's grant away", of: 'team/readers', status: 204 },
    {
      case: 'has nothing to take from a stranger',
      of: 'user/dave',
      status: 400,
      text: 'User does not have permission for repo.',
    },
    {
      case: 'has nothing to take from somebody who only is in a team',
      of: 'user/bob',
      status: 400,
      text: 'User does not have permission for repo.',
    },
    {
      case: 'has nothing to take from a user that is not',
      of: 'user/nosuch',
      status: 400,
      text: 'User does not have permission for repo.',
    },
    { case: 'leaves the namespace alone', of: 'user/acme', status: 400, text: 'Namespace owner must always be admin.' },
    {
      case: 'has nothing to take from a team without a grant',
      of: 'team/owners',
      status: 400,
      text: 'Team does not have permission for repo.',
    },
    {
      case: 'has nothing to take from a team that is not',
      of: 'team/none',
      status: 400,
      text: 'Team does not have permission for repo.',
    },
    { case: 'refuses who may only write', as: 'bob', of: 'user/alice', status: 403 },
    { case: 'refuses a read-only superuser', as: 'auditor', of: 'user/alice', status: 403 },
  ])('$case', async ({ as = 'alice', of, status, text }) => {
    const world = await createWorld()
    const before = await world.generation('acme/app')

    const response = await world.as(as).request('DELETE', `${permissions}/${of}`)

    expect(response.status).toBe(status)
    if (text) expect([await formOf(response), await refusal(response)]).toEqual(['problem', text])
    expect(await world.kindsSince(0)).toEqual(status === 204 ? ['delete_repo_permission'] : [])
    expect((await world.generation('acme/app')) - before).toBe(status === 204 ? 1 : 0)
    if (status === 204) expect((await world.as('alice').request('GET', `${permissions}/${of}`)).status).toBe(400)
  })

  it('names the namespace for users only in the log', async () => {
    const world = await createWorld()
    await world.arrange('alice', `DELETE ${permissions}/user/alice`, `DELETE ${permissions}/team/readers`)
    const metadata = (await world.events()).map((event) => event.metadata)
    expect(metadata).toMatchObject([
      { username: 'alice', repo: 'app', namespace: 'acme' },
      { team: 'readers', repo: 'app' },
    ])
    expect(metadata[1]).not.toHaveProperty('namespace')
  })
})

describe('listRepoUserPermissions and listRepoTeamPermissions', () => {
  it('show what was granted directly, robots too', async () => {
    const world = await createWorld()
    await world.arrange(
      'alice',
      `PUT ${robots}/ci`,
      [`PUT ${permissions}/user/acme+ci`, { role: 'write' }],
      [`PUT ${permissions}/user/dave`, { role: 'read' }],
    )
    const users = await world.as('alice').get<{ permissions: Record<string, object> }>(`${permissions}/user/`)
    expect(world.meter.roundTrips).toBe(1)
    expect(users.permissions).toMatchObject({
      alice: { role: 'admin', name: 'alice', is_robot: false, is_org_member: true, avatar: { kind: 'user' } },
      'acme+ci': { role: 'write', name: 'acme+ci', is_robot: true, is_org_member: true, avatar: { kind: 'robot' } },
      dave: { role: 'read', name: 'dave', is_robot: false, is_org_member: false },
    })
    const teams = await world.as('alice').get<{ permissions: Record<string, object> }>(`${permissions}/team/`)
    expect(teams.permissions).toMatchObject({
      writers: { role: 'write', name: 'writers', avatar: { kind: 'team' } },
      readers: { role: 'read', name: 'readers' },
    })
    expect(Object.keys(teams.permissions)).toHaveLength(2)
  })

  it('say nothing of membership where the namespace is a user', async () => {
    const world = await createWorld()
    await world.arrange('dave', [
      'POST /api/v1/repository',
      { namespace: 'dave', repository: 'own', visibility: 'private', description: '' },
    ])
    const list = await world.as('dave').get('/api/v1/repository/dave/own/permissions/user/')
    expect(list).toMatchObject({ permissions: { dave: { role: 'admin', name: 'dave', is_robot: false } } })
    expect(JSON.stringify(list)).not.toContain('is_org_member')
  })
})

describe('looking at permissions', () => {
  it.each<Row & { path: string; body?: unknown }>([
    { case: "shows a user's grant", path: 'user/alice', status: 200 },
    { case: "shows a team's role, and that only", path: 'team/readers', status: 200, body: { role: 'read' } },
    {
      case: 'has no grant of a stranger',
      path: 'user/dave',
      status: 400,
      text: 'User does not have permission for repo.',
    },
    {
      case: 'has no grant of a user that is not',
      path: 'user/nosuch',
      status: 400,
      text: 'User does not have permission for repo.',
    },
    {
      case: 'has no grant of a team that is not',
      path: 'team/none',
      status: 400,
      text: 'Team does not have permission for repo.',
    },
    {
      case: 'shows what a user holds through a team',
      path: 'user/bob/transitive',
      status: 200,
      body: { permissions: [{ role: 'write' }] },
    },
    {
      case: 'shows what an owner was granted, not what it owns',
      path: 'user/alice/transitive',
      status: 200,
      body: { permissions: [{ role: 'admin' }] },
    },
    { case: 'finds nothing that a stranger holds', path: 'user/dave/transitive', status: 404 },
    { case: 'finds nothing that a user holds who is not', path: 'user/nosuch/transitive', status: 404 },
    { case: 'lets a read-only superuser look at a list', as: 'auditor', path: 'user/', status: 200 },
    { case: 'lets a read-only superuser look at a grant', as: 'auditor', path: 'user/alice', status: 200 },
    { case: 'lets a read-only superuser look through teams', as: 'auditor', path: 'user/bob/transitive', status: 200 },
    ...(['user/', 'team/', 'user/alice', 'team/readers', 'user/bob/transitive'] as const).flatMap((path) => [
      { case: `refuses nobody at ${path}`, as: 'nobody' as const, path, status: 401 },
      { case: `refuses a stranger at ${path}`, as: 'dave' as const, path, status: 403 },
      { case: `refuses a reader at ${path}`, as: 'carol' as const, path, status: 403 },
      { case: `refuses a superuser at ${path}`, as: 'admin' as const, path, status: 403 },
    ]),
  ])('$case', async ({ as = 'alice', path, status, text, body }) => {
    const world = await createWorld()
    const response = await world.as(as).request('GET', `${permissions}/${path}`)
    expect(response.status).toBe(status)
    if (text) expect([await formOf(response), await refusal(response)]).toEqual(['message', text])
    if (body) expect(await response.json()).toEqual(body)
    expect(world.meter.roundTrips).toBe(1)
  })

  it('shows both a grant of one’s own and a team’s, in the order in which they were made', async () => {
    const world = await createWorld()
    await world.arrange('alice', [`PUT ${permissions}/user/carol`, { role: 'write' }])
    const held = await world.as('alice').get(`${permissions}/user/carol/transitive`)
    expect(held).toEqual({ permissions: [{ role: 'read' }, { role: 'write' }] })
  })

  it.each([
    ['GET', 'user/', 200, { permissions: {} }],
    ['GET', 'team/', 200, { permissions: {} }],
    ['GET', 'user/bob', 400, { message: 'User does not have permission for repo.' }],
    ['GET', 'team/readers', 400, { message: 'Team does not have permission for repo.' }],
    ['GET', 'user/bob/transitive', 404, undefined],
    ['PUT', 'user/bob', 404, undefined],
    ['PUT', 'team/readers', 404, undefined],
  ])('on a repository that is not: %s %s is %i', async (method, path, status, body) => {
    const world = await createWorld()
    const missing = `/api/v1/repository/acme/missing/permissions/${path}`
    const sent = method === 'PUT' ? { role: 'read' } : undefined
    const response = await world.as('alice').request(method, missing, sent)
    expect(response.status).toBe(status)
    if (body) expect(await response.json()).toEqual(body)
    expect((await world.as('dave').request(method, missing, sent)).status).toBe(403)
    expect(await world.events()).toEqual([])
  })

  it('follows what is granted and taken away', async () => {
    const world = await createWorld()
    const app = '/api/v1/repository/acme/app/tag/'
    expect((await world.as('dave').request('GET', app)).status).toBe(403)
    await world.arrange('alice', [`PUT ${permissions}/user/dave`, { role: 'read' }])
    expect((await world.as('dave').request('GET', app)).status).toBe(200)
    await world.arrange('alice', `DELETE ${permissions}/user/dave`)
    expect((await world.as('dave').request('GET', app)).status).toBe(403)
  })
})

describe('a repository of a user', () => {
  const own = '/api/v1/repository/dave/own/permissions'
  const ofDave = async () => {
    const world = await createWorld()
    const made = { repository: 'own', visibility: 'private', description: '' }
    await world.arrange('dave', ['POST /api/v1/repository', made], 'PUT /api/v1/user/robots/bot')
    await world.arrange('alice', `PUT ${robots}/ci`)
    return world
  }

  it('lists its owner, and whoever is added until taken out', async () => {
    const world = await ofDave()
    const listed = async () => {
      const { permissions } = await world
        .as('dave')
        .get<{ permissions: Record<string, { role: string }> }>(`${own}/user/`)
      return Object.entries(permissions).map(([name, { role }]) => [name, role])
    }
    expect(await listed()).toEqual([['dave', 'admin']])
    const added = await world.as('dave').request('PUT', `${own}/user/bob`, { role: 'read' })
    const view = (await added.json()) as Record<string, object>
    expect(Object.keys(view)).toEqual(['role', 'name', 'is_robot', 'avatar'])
    expect(Object.keys(view.avatar ?? {})).toEqual(['name', 'hash', 'color', 'kind'])
    expect(await world.as('dave').get(`${own}/user/bob`)).toEqual(view)
    expect(await listed()).toHaveLength(2)
    await world.arrange('dave', [`PUT ${own}/user/bob`, { role: 'admin' }])
    expect(Object.fromEntries(await listed())).toEqual({ dave: 'admin', bob: 'admin' })
    const deleted = await world.as('dave').request('DELETE', `${own}/user/bob`)
    expect([deleted.status, await deleted.text()]).toEqual([204, ''])
    expect(await listed()).toEqual([['dave', 'admin']])
    expect(await world.as('dave').get(`${own}/team/`)).toEqual({ permissions: {} })
  })

  it.each([
    ['PUT', 'user/dave', 400, 'Namespace owner must always be admin.'],
    ['DELETE', 'user/dave', 400, 'Namespace owner must always be admin.'],
    ['PUT', 'user/dave+bot', 200, undefined],
    ['PUT', 'user/acme+ci', 400, 'Cannot add robot acme+ci under namespace dave'],
    ['PUT', 'team/readers', 400, 'No team readers in organization dave'],
    ['GET', 'user/alice/transitive', 404, 'Not Found'],
  ])('%s %s is %i', async (method, path, status, text) => {
    const world = await ofDave()
    const response = await world
      .as('dave')
      .request(method, `${own}/${path}`, method === 'PUT' ? { role: 'read' } : undefined)
    expect(response.status).toBe(status)
    if (text) expect([await formOf(response), await refusal(response)]).toEqual(['problem', text])
  })
})

describe('a grant in an organization', () => {
  it.each([
    [
      'user/dave',
      'role name is_robot avatar is_org_member',
      { username: 'dave', repo: 'app', namespace: 'acme', role: 'write' },
    ],
    ['team/owners', 'role name avatar', { team: 'owners', repo: 'app', role: 'write' }],
  ])('shows its keys in their order, and is written down: %s', async (to, keys, metadata) => {
    const world = await createWorld()
    const response = await world.as('alice').request('PUT', `${permissions}/${to}`, { role: 'write' })
    expect(Object.keys((await response.json()) as object)).toEqual(keys.split(' '))
    const kept = Object.entries((await world.events())[0]?.metadata ?? {}).filter(([key]) => !key.startsWith('oauth_'))
    expect(Object.fromEntries(kept)).toEqual(metadata)
  })
})
