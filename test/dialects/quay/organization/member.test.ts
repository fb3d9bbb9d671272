import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newAccount } from '../../../../src/domain/namespace/newAccount.ts'
import { account, repository, teamMember } from '../../../../src/store/schema.ts'
import { onLibsql } from '../../../support/database.ts'
import { formOf, refusal } from '../../../support/refusal.ts'
import { createWorld, type Person } from '../../../support/world.ts'

const acme = '/api/v1/organization/acme'
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

describe('a change of rights', () => {
  it.each<[change: string]>([
    [`DELETE ${acme}/team/readers/members/carol`],
    [`PUT ${acme}/team/readers/members/dave`],
    [`DELETE ${acme}/members/bob`],
    [`DELETE ${acme}/team/readers`],
    [`DELETE ${acme}/robots/ci`],
  ])('reads no repository that it has nothing to do with: %s', async (change) => {
    const world = await createWorld()
    await world.arrange('alice', `PUT ${acme}/robots/ci`)
    const { store } = world
    const others = Array.from({ length: 300 }, (_, i) => ({
      namespaceId: world.ids.dave,
      name: `other${i}`,
      isPublic: false,
      badgeToken: `${i}`,
      createdAt: world.clock.now,
      updatedAt: world.clock.now,
    }))
    await store.batch(others.map((row) => store.insert(repository).values(row)))
    world.meter.reset()

    const [method = '', path = ''] = change.split(' ')
    expect((await world.as('alice').request(method, path)).ok).toBe(true)

    expect(world.meter.roundTrips).toBe(2)
    if (!onLibsql) expect(world.meter.rowsRead).toBeLessThanOrEqual(100)
  })
})
