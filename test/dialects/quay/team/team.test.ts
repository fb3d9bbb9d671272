import { isNotNull } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { accountNotice, defaultGrant, repositoryGrant, teamInvite, teamMember } from '../../../../src/store/schema.ts'
import { formOf, refusal } from '../../../support/refusal.ts'
import { createWorld, type Person } from '../../../support/world.ts'

const team = (name: string) => `/api/v1/organization/acme/team/${name}`

interface Row {
  case: string
  as?: Person | 'nobody'
  status: number
  /** The text of the refusal, in whichever form it comes. */
  text?: string
  kinds?: string[]
}

describe('updateOrganizationTeam', () => {
  it.each<Row & { team: string; body: unknown; view?: object }>([
    {
      case: 'creates a team',
      team: 'ops',
      body: { role: 'creator', description: 'operators' },
      status: 200,
      view: { name: 'ops', description: 'operators', can_view: true, role: 'creator', new_team: true },
      kinds: ['org_create_team'],
    },
    {
      case: 'changes role and description',
      team: 'readers',
      body: { role: 'creator', description: 'may look', extra: 1 },
      status: 200,
      view: { role: 'creator', description: 'may look', new_team: false },
      kinds: ['org_set_team_description', 'org_set_team_role'],
    },
    { case: 'changes nothing that is so already', team: 'readers', body: { role: 'member' }, status: 200, kinds: [] },
    {
      case: 'keeps the owners administering',
      team: 'owners',
      body: { role: 'member', description: 'x' },
      status: 400,
      text: "Cannot remove admin from team 'owners' because calling user would no longer have admin on org 'acme'",
    },
    { case: 'wants a role', team: 'ops', body: {}, status: 400, text: "'role' is a required property" },
    {
      case: 'wants a role that it knows',
      team: 'ops',
      body: { role: 'x' },
      status: 400,
      text: "'x' is not one of ['member', 'creator', 'admin']",
    },
    {
      case: 'wants a role that is text',
      team: 'ops',
      body: { role: null },
      status: 400,
      text: "None is not of type 'string'",
    },
    {
      case: 'refuses capitals in a name',
      team: 'UP',
      body: { role: 'member' },
      status: 400,
      text: 'Invalid team name UP: Namespace must match expression ^([a-z0-9]+(?:[._-][a-z0-9]+)*)$',
    },
    {
      case: 'refuses a short name',
      team: 'a',
      body: { role: 'member' },
      status: 400,
      text: 'Invalid team name a: Team must be between 2 and 255 characters in length',
    },
    { case: 'checks the body before the caller', as: 'dave', team: 'ops', body: {}, status: 400 },
    { case: 'refuses a stranger', as: 'dave', team: 'ops', body: { role: 'member' }, status: 403 },
    { case: 'refuses a member', as: 'bob', team: 'ops', body: { role: 'member' }, status: 403 },
    { case: 'refuses a superuser', as: 'admin', team: 'ops', body: { role: 'member' }, status: 403 },
  ])('$case', async ({ as = 'alice', team: name, body, status, text, view, kinds = [] }) => {
    const world = await createWorld()

    const response = await world.as(as).request('PUT', team(name), body)

    expect(response.status).toBe(status)
    if (text) expect(await refusal(response)).toBe(text)
    if (view) expect(await response.json()).toMatchObject(view)
    expect((await world.events()).map(({ kind }) => kind)).toEqual(kinds)
    expect(world.meter.roundTrips).toBeLessThanOrEqual(3)
  })

  it('lets the owners go where the caller administers otherwise', async () => {
    const world = await createWorld()
    const alice = world.as('alice')
    await alice.request('PUT', team('ops'), { role: 'admin' })
    await alice.request('PUT', `${team('ops')}/members/alice`)
    expect((await alice.request('PUT', team('owners'), { role: 'member' })).status).toBe(200)
    expect((await alice.request('PUT', team('ops'), { role: 'member' })).status).toBe(400)
  })
})

describe('updateOrganizationTeamMember', () => {
  it.each<Row & { team: string; member: string; body?: unknown }>([
    { case: 'adds a stranger', team: 'readers', member: 'dave', status: 200, kinds: ['org_add_team_member'] },
    {
      case: 'takes a body that says nothing',
      team: 'readers',
      member: 'dave',
      body: {},
      status: 200,
      kinds: ['org_add_team_member'],
    },
    {
      case: 'adds a member of another team',
      team: 'readers',
      member: 'bob',
      status: 200,
      kinds: ['org_add_team_member'],
    },
    {
      case: 'refuses who is in already',
      team: 'readers',
      member: 'carol',
      status: 400,
      text: 'User carol is already a member of team readers',
    },
    { case: 'refuses a user that is not', team: 'readers', member: 'nosuch', status: 400, text: 'Unknown user' },
    { case: 'refuses an organization', team: 'readers', member: 'acme', status: 400, text: 'Unknown user' },
    { case: 'knows no other team', team: 'none', member: 'dave', status: 404 },
    { case: 'refuses to let a stranger in by themselves', as: 'dave', team: 'readers', member: 'dave', status: 403 },
    { case: 'refuses a member', as: 'bob', team: 'readers', member: 'dave', status: 403 },
  ])('$case', async ({ as = 'alice', team: name, member, body, status, text, kinds = [] }) => {
    const world = await createWorld()

    const response = await world.as(as).request('PUT', `${team(name)}/members/${member}`, body)

    expect(response.status).toBe(status)
    if (text) expect(await refusal(response)).toBe(text)
    if (status === 200) {
      const answer = await response.json()
      expect(answer).toMatchObject({ name: member, kind: 'user', is_robot: false, invited: false })
    }
    expect((await world.events()).map(({ kind }) => kind)).toEqual(kinds)
  })
})

const members = (name: string) => `${team(name)}/members`

describe('robots in teams', () => {
  it('are those of the organization only', async () => {
    const world = await createWorld()
    await world.arrange('alice', 'PUT /api/v1/organization/acme/robots/ci')
    await world.arrange('dave', 'PUT /api/v1/user/robots/bot')
    const before = (await world.events()).length

    const own = await world.as('alice').request('PUT', `${members('readers')}/acme+ci`)
    const foreign = await world.as('alice').request('PUT', `${members('readers')}/dave+bot`)

    expect(await own.json()).toMatchObject({ name: 'acme+ci', kind: 'user', is_robot: true, avatar: { kind: 'robot' } })
    expect(foreign.status).toBe(400)
    expect(await refusal(foreign)).toBe(
      'Cannot add the specified robot to this team, as it is not a member of the organization',
    )
    expect(await world.kindsSince(before)).toEqual(['org_add_team_member'])
  })
})

describe('deleteOrganizationTeam', () => {
  it.each<Row & { team: string }>([
    { case: 'deletes a team', team: 'readers', status: 204, kinds: ['org_delete_team'] },
    { case: 'knows no other team', team: 'none', status: 400, text: "Team 'none' is not a team in org 'acme'" },
    {
      case: 'leaves the owners',
      team: 'owners',
      status: 400,
      text: "Deleting team 'owners' would remove admin ability for user 'alice' in organization 'acme'",
    },
    { case: 'refuses a member', as: 'carol', team: 'readers', status: 403 },
    { case: 'refuses a stranger', as: 'dave', team: 'readers', status: 403 },
    { case: 'refuses a superuser', as: 'admin', team: 'readers', status: 403 },
  ])('$case', async ({ as = 'alice', team: name, status, text, kinds = [] }) => {
    const world = await createWorld()
    const response = await world.as(as).request('DELETE', team(name))
    expect(response.status).toBe(status)
    expect(world.meter.roundTrips).toBeLessThanOrEqual(2)
    if (text) expect([await formOf(response), await refusal(response)]).toEqual(['message', text])
    expect(await world.kindsSince(0)).toEqual(kinds)
    const { ordered_teams } = await world.as('alice').get<{ ordered_teams: string[] }>('/api/v1/organization/acme')
    expect(ordered_teams).toEqual(['owners', 'writers', 'readers'].filter((each) => status !== 204 || each !== name))
  })

  it('takes memberships, invitations, grants and default grants along, and what was cached', async () => {
    const world = await createWorld({ settings: { FEATURE_MAILING: true } })
    await world.arrange('alice', `PUT ${members('readers')}/dave`, `PUT ${team('readers')}/invite/new@example.com`, [
      'POST /api/v1/organization/acme/prototypes',
      { role: 'read', delegate: { kind: 'team', name: 'readers' } },
    ])
    const before = await world.generation('acme/app')

    await world.arrange('alice', `DELETE ${team('readers')}`)

    expect(await world.generation('acme/app')).toBe(before + 1)
    const [invites, grants, defaults, memberships, notices] = await world.store.batch([
      world.store.select().from(teamInvite),
      world.store.select().from(repositoryGrant).where(isNotNull(repositoryGrant.teamId)),
      world.store.select().from(defaultGrant),
      world.store.select().from(teamMember),
      world.store.select().from(accountNotice),
    ])
    expect([invites.length, grants.length, defaults.length, memberships.length, notices.length]).toEqual([
      0, 2, 0, 2, 0,
    ])
    expect((await world.as('carol').request('GET', '/api/v1/repository/acme/app/tag/')).status).toBe(403)
  })

  it('lets a superuser with full access delete an admin team while another one has a member', async () => {
    const world = await createWorld({ settings: { FEATURE_SUPERUSERS_FULL_ACCESS: true } })
    await world.arrange('alice', [`PUT ${team('ops')}`, { role: 'admin' }])
    const admin = world.as('admin')
    const refused = await admin.request('DELETE', team('owners'))
    expect(refused.status).toBe(400)
    expect(await refusal(refused)).toContain('would remove admin ability')
    await world.arrange('alice', `PUT ${members('ops')}/bob`)
    expect((await admin.request('DELETE', team('owners'))).status).toBe(204)
    expect((await world.as('bob').request('DELETE', team('readers'))).status).toBe(204)
  })
})

describe('getOrganizationTeamMembers', () => {
  it.each<Row & { team: string; scope?: string; names?: string[]; canEdit?: boolean }>([
    { case: 'shows a member who is in', as: 'carol', team: 'readers', status: 200, names: ['carol'], canEdit: false },
    { case: 'shows an owner who is in', team: 'readers', status: 200, names: ['carol'], canEdit: true },
    {
      case: 'shows a read-only superuser who is in',
      as: 'auditor',
      team: 'readers',
      status: 200,
      names: ['carol'],
      canEdit: false,
    },
    {
      case: 'shows an owner through repo:create the own team',
      scope: 'repo:create',
      team: 'owners',
      status: 200,
      names: ['alice'],
      canEdit: false,
    },
    {
      case: 'refuses an owner through repo:create at another team',
      scope: 'repo:create',
      team: 'readers',
      status: 403,
    },
    { case: 'refuses a member of another team', as: 'bob', team: 'readers', status: 403 },
    { case: 'refuses a member at a team that is not', as: 'bob', team: 'none', status: 403 },
    { case: 'refuses a stranger', as: 'dave', team: 'readers', status: 403 },
    { case: 'refuses nobody', as: 'nobody', team: 'readers', status: 401 },
    {
      case: 'refuses an owner whose token reaches repositories only',
      scope: 'repo:admin',
      team: 'readers',
      status: 403,
    },
    { case: 'knows no other team', team: 'none', status: 404 },
  ])('$case', async ({ as = 'alice', scope, team: name, status, names, canEdit }) => {
    const world = await createWorld()
    const client = scope ? await world.withScope(as as Person, scope) : world.as(as)
    const response = await client.request('GET', members(name))
    expect(response.status).toBe(status)
    if (!names) return
    const answer = await response.json<{ name: string; members: { name: string }[]; can_edit: boolean }>()
    expect(answer.members.map((member) => member.name)).toEqual(names)
    expect([answer.name, answer.can_edit]).toEqual([name, canEdit])
  })
})

describe('deleteOrganizationTeamMember', () => {
  it.each<Row & { team: string; member: string }>([
    { case: 'takes a member out', team: 'readers', member: 'carol', status: 204, kinds: ['org_remove_team_member'] },
    {
      case: 'finds nobody to take out',
      team: 'readers',
      member: 'bob',
      status: 400,
      text: 'User bob does not belong to team readers',
    },
    {
      case: 'keeps the only owner in',
      team: 'owners',
      member: 'alice',
      status: 400,
      text: 'User cannot remove themselves from their only admin team.',
    },
    { case: 'knows no other user', team: 'readers', member: 'nosuch', status: 404 },
    { case: 'knows no other team', team: 'none', member: 'carol', status: 404 },
    { case: 'lets nobody leave by themselves', as: 'carol', team: 'readers', member: 'carol', status: 403 },
    { case: 'refuses a stranger', as: 'dave', team: 'readers', member: 'carol', status: 403 },
  ])('$case', async ({ as = 'alice', team: name, member, status, text, kinds = [] }) => {
    const world = await createWorld()
    const generations = async () => [await world.generation('acme/app'), await world.generation('acme/pub')]
    const before = await generations()

    const response = await world.as(as).request('DELETE', `${members(name)}/${member}`)

    expect(response.status).toBe(status)
    if (text) expect([await formOf(response), await refusal(response)]).toEqual(['message', text])
    expect(await world.kindsSince(0)).toEqual(kinds)
    expect(await generations()).toEqual(before.map((each) => each + (status === 204 ? 1 : 0)))
    if (status === 204) {
      expect((await world.as('carol').request('GET', '/api/v1/repository/acme/app/tag/')).status).toBe(403)
    }
  })

  it('lets one of two owners go, not the other one', async () => {
    const world = await createWorld()
    await world.arrange('alice', `PUT ${members('owners')}/bob`, `DELETE ${members('owners')}/bob`)
    await world.arrange('alice', [`PUT ${team('ops')}`, { role: 'admin' }], `PUT ${members('ops')}/alice`)
    await world.arrange('alice', `DELETE ${members('owners')}/alice`)
    expect((await world.as('alice').request('DELETE', `${members('ops')}/alice`)).status).toBe(400)
  })
})

describe('what a team opens', () => {
  const permissions = `${team('readers')}/permissions`

  it.each<Row>([
    { case: 'is for owners', status: 200 },
    { case: 'is for read-only superusers', as: 'auditor', status: 200 },
    { case: 'is not for its members', as: 'carol', status: 403 },
    { case: 'is not for strangers', as: 'dave', status: 403 },
    { case: 'is not for nobody', as: 'nobody', status: 401 },
  ])('$case', async ({ as = 'alice', status }) => {
    const world = await createWorld()
    const response = await world.as(as).request('GET', permissions)
    expect(response.status).toBe(status)
    if (status !== 200) return
    expect(await response.json()).toEqual({
      permissions: [
        { repository: { name: 'app', is_public: false }, role: 'read' },
        { repository: { name: 'pub', is_public: true }, role: 'read' },
      ],
    })
  })

  it('is not known of a team that is not', async () => {
    const world = await createWorld()
    expect((await world.as('alice').request('GET', `${team('none')}/permissions`)).status).toBe(404)
  })

  it.each<{ case: string; changes: (string | readonly [string, unknown])[]; raised: [app: number, other: number] }>([
    { case: 'nothing, when it is made', changes: [[`PUT ${team('ops')}`, { role: 'member' }]], raised: [0, 0] },
    { case: 'what it was granted, when somebody joins', changes: [`PUT ${members('readers')}/dave`], raised: [1, 0] },
    { case: 'everything, when somebody joins the owners', changes: [`PUT ${members('owners')}/dave`], raised: [1, 1] },
    {
      case: 'everything, when its members become owners',
      changes: [[`PUT ${team('readers')}`, { role: 'admin' }]],
      raised: [1, 1],
    },
    {
      case: 'nothing, when its members may create',
      changes: [[`PUT ${team('readers')}`, { role: 'creator' }]],
      raised: [0, 0],
    },
    {
      case: 'nothing, when it is described',
      changes: [[`PUT ${team('readers')}`, { role: 'member', description: 'x' }]],
      raised: [0, 0],
    },
  ])('changes the generation of $case', async ({ changes, raised }) => {
    const world = await createWorld()
    await world.arrange('alice', [
      'POST /api/v1/repository',
      { namespace: 'acme', repository: 'other', visibility: 'private', description: '' },
    ])
    const generations = async () => [await world.generation('acme/app'), await world.generation('acme/other')] as const
    const [app, other] = await generations()
    await world.arrange('alice', ...changes)
    expect(await generations()).toEqual([app + raised[0], other + raised[1]])
  })
})
