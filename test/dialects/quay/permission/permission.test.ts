import { describe, expect, it } from 'vitest'
import { createWorld, type Person } from '../../../support/world.ts'

const permissions = '/api/v1/repository/acme/app/permissions'

interface Row {
  case: string
  as?: Person | 'nobody'
  status: number
  /** The text of the refusal, in whichever form it comes. */
  text?: string
}

const textOf = async (response: Response) => {
  const answer = (await response.json()) as { detail?: string; message?: string }
  return answer.detail ?? answer.message
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
    if (text) expect(await textOf(response)).toBe(text)
    if (view) expect(await response.json()).toMatchObject(view)
    const kinds = (await world.events()).map(({ kind }) => kind)
    expect(kinds).toEqual(status === 200 ? ['change_repo_permission'] : [])
    expect((await world.generation('acme/app')) - before).toBe(status === 200 ? 1 : 0)
  })
})
