import { describe, expect, it } from 'vitest'
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

const textOf = async (response: Response) => {
  const answer = (await response.json()) as { detail?: string; message?: string }
  return answer.detail ?? answer.message
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
    if (text) expect(await textOf(response)).toBe(text)
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
    if (text) expect(await textOf(response)).toBe(text)
    if (status === 200) {
      const answer = await response.json()
      expect(answer).toMatchObject({ name: member, kind: 'user', is_robot: false, invited: false })
    }
    expect((await world.events()).map(({ kind }) => kind)).toEqual(kinds)
  })
})
