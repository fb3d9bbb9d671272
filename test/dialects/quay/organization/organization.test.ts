import { eq, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newAccount } from '../../../../src/domain/namespace/newAccount.ts'
import { account, teamMember } from '../../../../src/store/schema.ts'
import { onLibsql } from '../../../support/database.ts'
import { formOf, refusal } from '../../../support/refusal.ts'
import { createWorld, everyScope, type Person } from '../../../support/world.ts'

const acme = '/api/v1/organization/acme'

describe('createOrganization', () => {
  it.each<{ case: string; as: Person | 'nobody'; scope?: string; body: unknown; status: number; detail?: string }>([
    { case: 'creates with no address', as: 'dave', body: { name: 'dunder' }, status: 201 },
    { case: 'creates with an address', as: 'dave', body: { name: 'dunder', email: 'd@example.com' }, status: 201 },
    { case: 'needs user:admin only', as: 'dave', scope: 'user:admin', body: { name: 'dunder' }, status: 201 },
    { case: 'refuses org:admin alone', as: 'dave', scope: 'org:admin', body: { name: 'dunder' }, status: 403 },
    { case: 'refuses repo:read alone', as: 'dave', scope: 'repo:read', body: { name: 'dunder' }, status: 403 },
    { case: 'refuses nobody, as a forged request', as: 'nobody', body: { name: 'dunder' }, status: 403 },
    {
      case: 'refuses the name of an organization',
      as: 'dave',
      body: { name: 'acme' },
      status: 400,
      detail: 'A user or organization with this name already exists',
    },
    {
      case: 'refuses the name of a user',
      as: 'dave',
      body: { name: 'bob' },
      status: 400,
      detail: 'A user or organization with this name already exists',
    },
    {
      case: 'refuses a bad address',
      as: 'dave',
      body: { name: 'dunder', email: 'nonsense' },
      status: 400,
      detail: 'Invalid email address',
    },
    {
      case: "refuses a user's address",
      as: 'dave',
      body: { name: 'dunder', email: 'bob@example.com' },
      status: 400,
      detail: 'Email has already been used: bob@example.com',
    },
    {
      case: "takes another organization's address",
      as: 'dave',
      body: { name: 'dunder', email: 'acme@example.com' },
      status: 201,
    },
    {
      case: 'refuses a short name',
      as: 'dave',
      body: { name: 'a' },
      status: 400,
      detail: 'Invalid namespace a: Namespace must be between 2 and 255 characters in length',
    },
    {
      case: 'refuses a name with doubled separators',
      as: 'dave',
      body: { name: 'a__b' },
      status: 400,
      detail: 'Invalid namespace a__b: Namespace must match expression ^([a-z0-9]+(?:[._-][a-z0-9]+)*)$',
    },
    { case: 'wants a name', as: 'dave', body: {}, status: 400, detail: "'name' is a required property" },
    {
      case: 'wants a name that is text',
      as: 'dave',
      body: { name: 5 },
      status: 400,
      detail: "5 is not of type 'string'",
    },
  ])('$case', async ({ as, scope, body, status, detail }) => {
    const world = await createWorld()
    const client = scope ? await world.withScope(as as Person, scope) : world.as(as)

    const response = await client.request('POST', '/api/v1/organization/', body)

    expect(response.status).toBe(status)
    const answer = (await response.json()) as { detail?: string }
    if (status === 201) expect(answer).toBe('Created')
    if (detail) expect(answer.detail).toBe(detail)
    const events = await world.events()
    expect(events.map(({ kind }) => kind)).toEqual(status === 201 ? ['org_create'] : [])
    const view = await world.as('dave').request('GET', '/api/v1/organization/dunder')
    expect(view.status).toBe(status === 201 ? 200 : 404)
    if (status === 201) expect(await view.json()).toMatchObject({ is_admin: true, ordered_teams: ['owners'] })
  })
})

describe('getOrganization', () => {
  const stranger = { is_admin: false, is_member: false, email: '' }
  const admin = { is_admin: true, is_member: true, email: 'acme@example.com', tag_expiration_s: 1_209_600 }
  it.each<{ case: string; as: Person | 'nobody'; scope?: string; sees: object; views: string[] }>([
    { case: 'shows nobody the name only', as: 'nobody', sees: stranger, views: [] },
    { case: 'shows a stranger the name only', as: 'dave', sees: stranger, views: [] },
    { case: 'shows a superuser the name only', as: 'admin', sees: stranger, views: [] },
    {
      case: 'shows a member all teams, their own to look into',
      as: 'carol',
      sees: { is_admin: false, is_member: true, email: '' },
      views: ['readers'],
    },
    { case: 'shows an owner everything', as: 'alice', sees: admin, views: ['owners', 'writers', 'readers'] },
    {
      case: 'shows a read-only superuser everything',
      as: 'auditor',
      sees: admin,
      views: ['owners', 'writers', 'readers'],
    },
    {
      case: 'shows an owner by a token without reach the name only',
      as: 'alice',
      scope: 'user:admin',
      sees: stranger,
      views: [],
    },
    {
      case: 'shows an owner by a token that may create what a member sees',
      as: 'alice',
      scope: 'repo:create',
      sees: { is_admin: false, is_member: true, email: '' },
      views: ['owners', 'writers', 'readers'],
    },
  ])('$case', async ({ as, scope, sees, views }) => {
    const world = await createWorld()
    const client = scope ? await world.withScope(as as Person, scope) : world.as(as)
    world.meter.reset()

    const view = await client.get<{ teams?: Record<string, { can_view: boolean }> }>(acme)

    if (!scope) expect(world.meter.roundTrips).toBe(1)
    expect(view).toMatchObject({ name: 'acme', ...sees })
    const teams = Object.entries(view.teams ?? {})
    expect(teams.filter(([, team]) => team.can_view).map(([name]) => name)).toEqual(views)
    expect('tag_expiration_s' in view).toBe('tag_expiration_s' in sees)
  })

  it.each(['nosuch', 'alice', 'acme+robot'])('knows no organization called %s', async (name) => {
    const world = await createWorld()
    const response = await world.as('alice').request('GET', `/api/v1/organization/${name}`)
    expect(response.status).toBe(404)
  })

  it('says what its teams hold', async () => {
    const world = await createWorld()
    const { teams } = await world.as('alice').get<{ teams: Record<string, unknown> }>(acme)
    expect(teams.readers).toEqual({
      name: 'readers',
      description: '',
      role: 'member',
      avatar: {
        name: 'readers',
        hash: 'e2257349c139799fafab4f3e96e068da96773117c4f108f122343ddb19a249ed',
        color: '#ff7f0e',
        kind: 'team',
      },
      can_view: true,
      repo_count: 2,
      member_count: 1,
      is_synced: false,
    })
  })
})

describe('changeOrganizationDetails', () => {
  it.each<{
    case: string
    as?: Person | 'nobody'
    body: unknown
    status?: number
    text?: string
    shows?: object
    kinds?: string[]
  }>([
    { case: 'changes nothing for an empty body', body: {}, kinds: [] },
    { case: 'ignores keys that it does not know', body: { unknown: 1 }, kinds: [] },
    {
      case: 'changes the address',
      body: { email: 'new@example.com' },
      shows: { email: 'new@example.com' },
      kinds: ['org_change_email'],
    },
    { case: 'says nothing of an address that stays', body: { email: 'acme@example.com' }, kinds: [] },
    {
      case: 'prefers the contact address',
      body: { email: 'a@example.com', contact_email: 'b@example.com' },
      shows: { email: 'b@example.com' },
      kinds: ['org_change_email'],
    },
    {
      case: 'takes the address away by no text',
      body: { email: '' },
      shows: { email: '' },
      kinds: ['org_change_email'],
    },
    {
      case: 'takes the address away by null',
      body: { contact_email: null },
      shows: { email: '' },
      kinds: ['org_change_email'],
    },
    {
      case: "takes a user's address",
      body: { email: 'bob@example.com' },
      shows: { email: 'bob@example.com' },
      kinds: ['org_change_email'],
    },
    {
      case: 'refuses a bad address',
      body: { email: 'bad', invoice_email: true },
      status: 400,
      text: 'Invalid email address',
      shows: { invoice_email: false },
    },
    {
      case: 'turns invoices on',
      body: { invoice_email: true },
      shows: { invoice_email: true },
      kinds: ['org_change_invoicing'],
    },
    {
      case: 'sets where invoices go',
      body: { invoice_email_address: 'i@example.com' },
      shows: { invoice_email_address: 'i@example.com' },
      kinds: ['org_change_invoicing'],
    },
    {
      case: 'takes no text as no address',
      body: { invoice_email_address: '' },
      shows: { invoice_email_address: null },
      kinds: [],
    },
    {
      case: 'lets tags go at once',
      body: { tag_expiration_s: 0 },
      shows: { tag_expiration_s: 0 },
      kinds: ['org_change_tag_expiration'],
    },
    {
      case: 'refuses an expiration that is no option',
      body: { tag_expiration_s: 100, invoice_email: true },
      status: 400,
      text: 'Invalid tag expiration option',
      shows: { invoice_email: false },
    },
    { case: 'refuses an absurd expiration', body: { tag_expiration_s: 1e20 }, status: 400 },
    {
      case: 'refuses a negative expiration',
      body: { tag_expiration_s: -1 },
      status: 400,
      text: '-1 is less than the minimum of 0',
    },
    {
      case: 'checks the body before the caller',
      as: 'dave',
      body: { invoice_email: 'x' },
      status: 400,
      text: "'x' is not of type 'boolean'",
    },
    { case: 'refuses a member', as: 'bob', body: {}, status: 403 },
    { case: 'refuses a stranger', as: 'dave', body: {}, status: 403 },
    { case: 'refuses a superuser', as: 'admin', body: {}, status: 403 },
    { case: 'refuses a read-only superuser', as: 'auditor', body: {}, status: 403 },
  ])('$case', async ({ as = 'alice', body, status = 200, text, shows = {}, kinds = [] }) => {
    const world = await createWorld()

    const response = await world.as(as).request('PUT', acme, body)

    expect(world.meter.roundTrips).toBeLessThanOrEqual(2)
    expect(response.status).toBe(status)
    const answer = await response.json<Record<string, unknown>>()
    if (text) expect(answer.detail ?? answer.message).toBe(text)
    const view = await world.as('alice').get(acme)
    if (status === 200) expect(answer).toEqual(view)
    expect(view).toMatchObject(shows)
    expect((await world.events()).map(({ kind }) => kind)).toEqual(kinds)
  })

  it('finds no organization in the caller’s own name', async () => {
    const world = await createWorld()
    expect((await world.as('alice').request('PUT', '/api/v1/organization/alice', {})).status).toBe(404)
    expect((await world.as('alice').request('PUT', '/api/v1/organization/nosuch', {})).status).toBe(403)
  })

  it('lets a superuser with full access change what is not theirs', async () => {
    const world = await createWorld({ settings: { FEATURE_SUPERUSERS_FULL_ACCESS: true } })
    const superuser = await world.withScope('admin', `${everyScope} super:user`)
    expect((await superuser.request('PUT', acme, { email: 'new@example.com' })).status).toBe(200)
    expect((await superuser.request('PUT', '/api/v1/organization/nosuch', {})).status).toBe(404)
  })
})

const nameOf = ({ name }: { name: string }) => name

describe('members of an organization', () => {
  interface Member {
    name: string
    kind: string
    teams: { name: string }[]
    repositories: string[]
  }

  it('are the people in its teams, with what they were granted themselves', async () => {
    const world = await createWorld()
    await world.arrange(
      'alice',
      `PUT ${acme}/robots/ci`,
      `PUT ${acme}/team/readers/members/acme+ci`,
      `PUT ${acme}/team/readers/members/bob`,
      ['PUT /api/v1/repository/acme/app/permissions/user/dave', { role: 'read' }],
    )
    const { members } = await world.as('alice').get<{ members: Member[] }>(`${acme}/members`)
    expect(world.meter.roundTrips).toBe(1)
    expect(members.map((each) => [each.name, each.teams.map(nameOf), each.repositories])).toEqual([
      ['alice', ['owners'], ['app', 'pub']],
      ['bob', ['writers', 'readers'], []],
      ['carol', ['readers'], []],
    ])
    expect(await world.as('alice').get(`${acme}/members/bob`)).toEqual(members[1])
    expect(await world.as('alice').get(`${acme}/members/acme+ci`)).toMatchObject({
      kind: 'robot',
      teams: [{ name: 'readers' }],
    })
    const { collaborators } = await world.as('alice').get<{ collaborators: object[] }>(`${acme}/collaborators`)
    expect(collaborators).toMatchObject([
      { kind: 'user', name: 'dave', avatar: { kind: 'user' }, repositories: ['app'] },
    ])
  })

  it('include a robot that is in no team, when asked for by name', async () => {
    const world = await createWorld()
    await world.arrange('alice', `PUT ${acme}/robots/ci`)
    expect(await world.as('alice').get(`${acme}/members/acme+ci`)).toMatchObject({
      kind: 'robot',
      teams: [],
      repositories: [],
    })
  })

  it.each<[as: Person | 'nobody', path: string, status: number]>([
    ['nobody', 'members', 401],
    ['dave', 'members', 403],
    ['bob', 'members', 403],
    ['admin', 'members', 403],
    ['auditor', 'members', 200],
    ['nobody', 'collaborators', 401],
    ['dave', 'collaborators', 403],
    ['bob', 'collaborators', 403],
    ['auditor', 'collaborators', 200],
    ['dave', 'members/bob', 403],
    ['bob', 'members/bob', 403],
    ['auditor', 'members/bob', 200],
    ['alice', 'members/dave', 404],
    ['alice', 'members/nosuch', 404],
    ['alice', 'members/acme', 404],
    ['auditor', 'members/nosuch', 404],
    ['bob', 'members/nosuch', 403],
  ])('%s looking at %s: %i', async (as, path, status) => {
    const world = await createWorld()
    expect((await world.as(as).request('GET', `${acme}/${path}`)).status).toBe(status)
  })

  it('are read in proportion to what is returned', async () => {
    const world = await createWorld()
    const now = world.clock.now
    const people = Array.from({ length: 60 }, (_, i) =>
      newAccount('user', `user${i}`, { now, tagExpirationSeconds: 0, email: `user${i}@example.com` }),
    )
    const { store } = world
    const readers = sql`(select t.id from team t where t.name = 'readers')`
    await store.batch([
      ...people.map((row) => store.insert(account).values(row)),
      store.insert(teamMember).select(sql`select a.id, ${readers} from account a where a.username like 'user%'`),
    ])
    world.meter.reset()
    const { members } = await world.as('alice').get<{ members: Member[] }>(`${acme}/members`)
    expect(members).toHaveLength(63)
    expect(world.meter.roundTrips).toBe(1)
    if (!onLibsql) expect(world.meter.rowsRead).toBeLessThanOrEqual(63 * 12)
  })
})

describe('removeOrganizationMember', () => {
  it.each<{ case: string; as?: Person | 'nobody'; of: string; status: number; text?: string; kinds?: string[] }>([
    { case: 'takes a member out of every team', of: 'bob', status: 204, kinds: ['org_remove_team_member'] },
    { case: 'takes a collaborator off', of: 'dave', status: 204, kinds: ['org_remove_team_member'] },
    { case: 'finds nothing to take from somebody else', of: 'auditor', status: 204, kinds: [] },
    {
      case: 'keeps the only owner',
      of: 'alice',
      status: 400,
      text: 'Cannot remove user as they are the only organization admin',
    },
    { case: 'knows no other user', of: 'nosuch', status: 404 },
    { case: 'knows robots as no members', of: 'acme+ci', status: 404 },
    { case: 'refuses a member', as: 'carol', of: 'bob', status: 403 },
    { case: 'refuses a stranger', as: 'dave', of: 'bob', status: 403 },
    { case: 'refuses nobody, as a forged request', as: 'nobody', of: 'bob', status: 403 },
  ])('$case', async ({ as = 'alice', of, status, text, kinds = [] }) => {
    const world = await createWorld()
    await world.arrange(
      'alice',
      `PUT ${acme}/robots/ci`,
      `PUT ${acme}/team/readers/members/bob`,
      ['PUT /api/v1/repository/acme/app/permissions/user/bob', { role: 'admin' }],
      ['PUT /api/v1/repository/acme/app/permissions/user/dave', { role: 'read' }],
    )
    const lines = (await world.events()).length
    const before = await world.generation('acme/app')

    const response = await world.as(as).request('DELETE', `${acme}/members/${of}`)

    expect(response.status).toBe(status)
    if (text) expect([await formOf(response), await refusal(response)]).toEqual(['message', text])
    expect(await world.kindsSince(lines)).toEqual(kinds)
    expect(await world.generation('acme/app')).toBe(before + kinds.length)
    if (kinds.length > 0) {
      expect((await world.as(of as Person).request('GET', '/api/v1/repository/acme/app/tag/')).status).toBe(403)
      const users = await world
        .as('alice')
        .get<{ permissions: object }>('/api/v1/repository/acme/app/permissions/user/')
      expect(users.permissions).not.toHaveProperty(of)
    }
  })
})

describe('deleteAdminedOrganization', () => {
  it.each<[Person | 'nobody', string | undefined, number]>([
    ['alice', undefined, 204],
    ['alice', 'repo:admin', 403],
    ['bob', undefined, 403],
    ['dave', undefined, 403],
    ['admin', undefined, 403],
    ['auditor', undefined, 403],
    ['nobody', undefined, 403],
  ])('by %s with %s is %i', async (who, scope, status) => {
    const world = await createWorld()
    await world.arrange('alice', `PUT ${acme}/robots/ci`)
    const client = scope ? await world.withScope(who as Person, scope) : world.as(who)
    expect((await client.request('DELETE', acme)).status).toBe(status)
    expect(await world.kindsSince(1)).toEqual(status === 204 ? ['org_delete'] : [])
    expect((await world.as('nobody').request('GET', acme)).status).toBe(status === 204 ? 404 : 200)
    const { store } = world
    const [robots, reserved] = await store.batch([
      store.select().from(account).where(eq(account.kind, 'robot')),
      store.select().from(account).where(eq(account.deletedName, 'acme')),
    ])
    expect([robots.length, reserved.length]).toEqual(status === 204 ? [0, 1] : [1, 0])
  })
})

it('keeps the name of a deleted organization', async () => {
  const world = await createWorld()
  const dunder = '/api/v1/organization/dunder'
  await world.arrange('dave', ['POST /api/v1/organization/', { name: 'dunder' }], `DELETE ${dunder}`)
  const dave = world.as('dave')
  expect((await dave.request('DELETE', dunder)).status).toBe(403)
  const again = await dave.request('POST', '/api/v1/organization/', { name: 'dunder' })
  expect([again.status, await refusal(again)]).toEqual([400, 'Username is not available'])
})

describe('what was kept at the edge', () => {
  const app = '/api/v1/repository/acme/app/tag/'
  it.each<[after: string, reader: Person, change: string]>([
    ['a member is taken out of the team', 'carol', `DELETE ${acme}/team/readers/members/carol`],
    ['the team is deleted', 'carol', `DELETE ${acme}/team/readers`],
    ['the member is taken out of the organization', 'bob', `DELETE ${acme}/members/bob`],
  ])('is asked anew after %s', async (_, reader, change) => {
    const world = await createWorld({ settings: { EDGE_TTL_SECONDS: 5 } })
    const read = async () => {
      const { status } = await world.as(reader).request('GET', app)
      await world.settle()
      return status
    }
    expect([await read(), await read()]).toEqual([200, 200])
    world.tick(10)
    await world.arrange('alice', change)
    expect(await read()).toBe(403)
  })
})
