import { describe, expect, it } from 'vitest'
import { onLibsql } from '../../../support/database.ts'
import { createWorld, everyScope, type Person } from '../../../support/world.ts'

const entities = '/api/v1/entities'

interface Entity {
  name: string
  kind: string
  is_robot?: boolean
  is_org_member?: boolean
  avatar: { name: string; kind: string }
}
const named = ({ results }: { results: Entity[] }) => results.map(({ kind, name }) => `${kind} ${name}`)

/** The usual world, with names that share their beginnings: robots of acme and of alice, and a user beside bob. */
async function crowdedWorld() {
  const world = await createWorld()
  await world.arrange(
    'alice',
    ['PUT /api/v1/organization/acme/robots/writebot', {}],
    ['PUT /api/v1/organization/acme/robots/bobbot', {}],
    ['PUT /api/v1/user/robots/bobot', {}],
  )
  await world.arrange('admin', ['POST /api/v1/superuser/users/', { username: 'bobby', email: 'bobby@example.com' }])
  return world
}

describe('getMatchingEntities', () => {
  it.each<{ case: string; as?: Person | 'nobody'; path: string; finds: string[] }>([
    { case: 'the user of just this name first', path: '/bob', finds: ['user bob', 'user bobby'] },
    { case: 'users for nobody, too', as: 'nobody', path: '/bobb', finds: ['user bobby'] },
    { case: 'nothing where no name begins so', path: '/zzz', finds: [] },
    { case: 'no organization by itself', path: '/acme', finds: [] },
    { case: 'no name by a part inside it', path: '/obby', finds: [] },
    { case: 'what is typed in capitals, with accents and spaces', path: '/B%C3%B6%20bB', finds: ['user bobby'] },
    { case: 'nothing by letters that no name has', path: '/%E2%98%83x', finds: [] },
    { case: 'no wildcards', path: '/b%25', finds: [] },
    { case: 'no wildcards of one letter', path: '/b_b', finds: [] },
    // As the Ansible collection asks.
    { case: 'flags in capitals', path: '/bobb?includeOrgs=False&includeTeams=False', finds: ['user bobby'] },
    {
      case: 'robots of its organization for a member',
      as: 'carol',
      path: '/bob?namespace=acme',
      finds: ['user bob', 'user bobby', 'user acme+bobbot'],
    },
    { case: 'no robots for others', as: 'dave', path: '/bob?namespace=acme', finds: ['user bob', 'user bobby'] },
    { case: 'no robots for nobody', as: 'nobody', path: '/bob?namespace=acme', finds: ['user bob', 'user bobby'] },
    {
      case: 'robots of one’s own',
      as: 'alice',
      path: '/bob?namespace=alice',
      finds: ['user bob', 'user bobby', 'user alice+bobot'],
    },
    { case: 'no robots of another user', as: 'bob', path: '/bobo?namespace=alice', finds: [] },
    {
      case: 'teams before robots',
      as: 'carol',
      path: '/write?namespace=acme&includeTeams=true',
      finds: ['team writers', 'user acme+writebot'],
    },
    { case: 'no teams unless asked', as: 'carol', path: '/write?namespace=acme', finds: ['user acme+writebot'] },
    { case: 'no teams for others', as: 'dave', path: '/write?namespace=acme&includeTeams=true', finds: [] },
    { case: 'the organization itself', as: 'carol', path: '/ac?namespace=acme&includeOrgs=true', finds: ['org acme'] },
    { case: 'it not for others', as: 'dave', path: '/ac?namespace=acme&includeOrgs=true', finds: [] },
    {
      case: 'no other organization',
      as: 'carol',
      path: '/b?namespace=nosuch&includeOrgs=true',
      finds: ['user bob', 'user bobby'],
    },
  ])('finds $case', async ({ as = 'alice', path, finds }) => {
    const world = await crowdedWorld()
    expect(named(await world.as(as).get(entities + path))).toEqual(finds)
  })

  it('says who is a member where it searches for an organization', async () => {
    const world = await crowdedWorld()
    const inAcme = await world.as('alice').get<{ results: Entity[] }>(`${entities}/bob?namespace=acme`)
    expect(inAcme.results).toEqual([
      {
        name: 'bob',
        kind: 'user',
        is_robot: false,
        is_org_member: true,
        avatar: expect.objectContaining({ kind: 'user' }),
      },
      {
        name: 'bobby',
        kind: 'user',
        is_robot: false,
        is_org_member: false,
        avatar: expect.objectContaining({ kind: 'user' }),
      },
      {
        name: 'acme+bobbot',
        kind: 'user',
        is_robot: true,
        is_org_member: true,
        avatar: expect.objectContaining({ kind: 'robot' }),
      },
    ])
    const own = await world.as('alice').get<{ results: Entity[] }>(`${entities}/bob?namespace=alice`)
    for (const result of own.results) expect(result).not.toHaveProperty('is_org_member')
  })

  it('shows a member no more than the token’s scopes do', async () => {
    const world = await crowdedWorld()
    const path = `${entities}/write?namespace=acme&includeTeams=true`
    expect(named(await (await world.withScope('carol', 'org:admin')).get(path))).toHaveLength(2)
    const reading = everyScope.replace('org:admin', '').replace('repo:create', '').trim().replaceAll('  ', ' ')
    expect(named(await (await world.withScope('carol', reading)).get(path))).toEqual([])
  })

  it('finds ten at most, and nobody who is being deleted', async () => {
    const world = await crowdedWorld()
    for (let i = 0; i < 12; i++) {
      await world.arrange('admin', [
        'POST /api/v1/superuser/users/',
        { username: `bobby${i}`, email: `bobby${i}@example.com` },
      ])
    }
    await world.arrange('admin', 'DELETE /api/v1/superuser/users/bobby')
    const found = named(await world.as('alice').get(`${entities}/bob?namespace=acme`))
    expect(found).toHaveLength(10)
    expect(found).not.toContain('user bobby')
  })

  it.skipIf(onLibsql)('reads few rows, however many robots share the letters', async () => {
    const world = await createWorld()
    for (let i = 0; i < 200; i++) await world.arrange('alice', [`PUT /api/v1/organization/acme/robots/r${i}`, {}])
    world.meter.reset()
    await world.as('nobody').get(`${entities}/a`)
    expect(world.meter.roundTrips).toBe(1)
    expect(world.meter.rowsRead).toBeLessThanOrEqual(30)
  })
})

describe('linkExternalUser', () => {
  it('has no directory to take users from', async () => {
    const world = await createWorld()
    const response = await world.as('alice').request('POST', `${entities}/link/bob`, {})
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({ message: expect.stringContaining('not found on the server') })
    expect(await world.events()).toEqual([])
  })
})
