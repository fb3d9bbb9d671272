import { describe, expect, it } from 'vitest'
import { accountNotice, teamInvite } from '../../../../src/store/schema.ts'
import { Browser } from '../../../support/browser.ts'
import { refusal } from '../../../support/refusal.ts'
import { createWorld, type Person, type World } from '../../../support/world.ts'

const team = (name: string) => `/api/v1/organization/acme/team/${name}`
const members = (name: string) => `${team(name)}/members`

describe('invitations, where there is mail to send them by', () => {
  const mailing = { FEATURE_MAILING: true }
  const codeOf = async (world: World, email?: string) => {
    const [rows] = await world.store.batch([world.store.select().from(teamInvite)])
    const row = email ? rows.find((each) => each.email === email) : rows[0]
    return row?.token ?? 'none'
  }

  it('invites who is new to the organization, and adds who is not', async () => {
    const world = await createWorld({ settings: mailing })
    await world.arrange('alice', 'PUT /api/v1/organization/acme/robots/ci')
    const before = (await world.events()).length
    const alice = world.as('alice')
    const put = async (member: string) => (await alice.request('PUT', `${members('readers')}/${member}`)).json()

    expect(await put('dave')).toMatchObject({ name: 'dave', invited: true })
    expect(await put('bob')).toMatchObject({ name: 'bob', invited: false })
    expect(await put('acme+ci')).toMatchObject({ name: 'acme+ci', invited: false })

    expect(await world.kindsSince(before)).toEqual([
      'org_invite_team_member',
      'org_add_team_member',
      'org_add_team_member',
    ])
    const listed = async (query: string, who: Person = 'alice') =>
      (await world.as(who).get<{ members: { name?: string; invited: boolean }[] }>(members('readers') + query)).members
    expect((await listed('')).map(({ name }) => name)).toEqual(['bob', 'carol', 'acme+ci'])
    expect((await listed('?includePending=true')).at(-1)).toMatchObject({ name: 'dave', invited: true })
    expect(await listed('?includePending=true', 'carol')).toHaveLength(3)
    expect((await world.as('dave').request('GET', members('readers'))).status).toBe(403)
  })

  it('adds at once where no invitation is required', async () => {
    const world = await createWorld({ settings: { ...mailing, FEATURE_REQUIRE_TEAM_INVITE: false } })
    const response = await world.as('alice').request('PUT', `${members('readers')}/dave`)
    expect(await response.json()).toMatchObject({ invited: false })
  })

  it('takes an invitation back, then there is nobody to take out', async () => {
    const world = await createWorld({ settings: mailing })
    await world.arrange('alice', `PUT ${members('readers')}/dave`, `DELETE ${members('readers')}/dave`)
    const again = await world.as('alice').request('DELETE', `${members('readers')}/dave`)
    expect(await refusal(again)).toBe('User dave does not belong to team readers')
    expect(await world.kindsSince(0)).toEqual(['org_invite_team_member', 'org_delete_team_member_invite'])
    expect((await world.store.batch([world.store.select().from(accountNotice)]))[0]).toEqual([])
  })

  it('lets the invited join every team at once, and nobody else', async () => {
    const world = await createWorld({ settings: mailing })
    await world.arrange('alice', `PUT ${members('readers')}/dave`, `PUT ${members('writers')}/dave`)
    const code = await codeOf(world)
    const before = (await world.events()).length

    const stranger = await world.as('admin').request('PUT', `/api/v1/teaminvite/${code}`)
    expect([stranger.status, await refusal(stranger)]).toEqual([
      400,
      'This invite is intended for user "dave".\nPlease login to that account and try again.',
    ])
    const accepted = await world.as('dave').request('PUT', `/api/v1/teaminvite/${code}`)
    expect(await accepted.json()).toEqual({ org: 'acme', team: 'readers' })
    const again = await world.as('dave').request('PUT', `/api/v1/teaminvite/${code}`)
    expect([again.status, await refusal(again)]).toEqual([400, 'Invalid confirmation code.'])

    expect(await world.kindsSince(before)).toEqual([
      'org_team_member_invite_accepted',
      'org_team_member_invite_accepted',
    ])
    const member = await world.as('alice').get('/api/v1/organization/acme/members/dave')
    expect(member).toMatchObject({ teams: [{ name: 'writers' }, { name: 'readers' }] })
    expect((await world.as('dave').request('GET', '/api/v1/repository/acme/app/tag/')).status).toBe(200)
  })

  it('lets the invited decline, once', async () => {
    const world = await createWorld({ settings: mailing })
    await world.arrange('alice', `PUT ${members('readers')}/dave`)
    const path = `/api/v1/teaminvite/${await codeOf(world)}`
    expect((await world.as('admin').request('DELETE', path)).status).toBe(400)
    expect((await world.as('dave').request('DELETE', path)).status).toBe(204)
    expect((await world.as('dave').request('DELETE', path)).status).toBe(400)
    expect(await world.kindsSince(0)).toEqual(['org_invite_team_member', 'org_team_member_invite_declined'])
    expect((await world.as('nobody').request('PUT', path)).status).toBe(403)
  })

  it('invites an address, and whoever verified it may join', async () => {
    const world = await createWorld({ settings: mailing })
    const invite = `${team('readers')}/invite/dave@example.com`
    const response = await world.as('alice').request('PUT', invite)
    expect(await response.json()).toMatchObject({
      email: 'dave@example.com',
      kind: 'invite',
      invited: true,
      avatar: { kind: 'user' },
    })
    const { members: listed } = await world
      .as('alice')
      .get<{ members: object[] }>(`${members('readers')}?includePending=true`)
    expect(listed.at(-1)).toMatchObject({ email: 'dave@example.com', kind: 'invite', invited: true })
    const accepted = await world
      .as('dave')
      .request('PUT', `/api/v1/teaminvite/${await codeOf(world, 'dave@example.com')}`)
    expect(accepted.status).toBe(200)
    expect((await world.as('alice').request('DELETE', invite)).status).toBe(404)
    expect(await world.kindsSince(0)).toEqual(['org_invite_team_member', 'org_team_member_invite_accepted'])
  })

  it.each([
    { case: 'nothing', email: undefined, status: 403 },
    { case: 'a code that is none', email: 'none', status: 403 },
    { case: 'an invitation of another address', email: 'frank@example.com', status: 403 },
    { case: 'the invitation of its address', email: 'eve@example.com', status: 200 },
  ])(
    'proves the address of who signs in with it, and leaves the team to be joined: $case',
    async ({ email, status }) => {
      const world = await createWorld({ settings: mailing })
      for (const each of ['eve', 'frank']) {
        await world.arrange('alice', `PUT ${team('readers')}/invite/${each}@example.com`)
      }
      const eve = { username: 'eve', password: 'a-good-password' }
      const browser = await new Browser(world).open()
      const made = await browser.request('POST', '/api/v1/user/', { ...eve, email: 'eve@example.com' })
      expect(await made.json()).toEqual({ awaiting_verification: true })
      const code = email && (await codeOf(world, email))
      const response = await browser.request('POST', '/api/v1/signin', { ...eve, ...(code && { invite_code: code }) })
      expect(response.status).toBe(status)
      if (status === 403) {
        expect(await response.json()).toEqual({
          needsEmailVerification: true,
          invalidCredentials: false,
          message: null,
        })
      }
      expect((await browser.signIn('eve', eve.password)).status).toBe(status)
      expect((await world.as('alice').request('GET', '/api/v1/organization/acme/members/eve')).status).toBe(404)
    },
  )

  it('takes the invitation of an address back', async () => {
    const world = await createWorld({ settings: mailing })
    const invite = `${team('readers')}/invite/new@example.com`
    await world.arrange('alice', `PUT ${invite}`, `DELETE ${invite}`)
    expect(await world.kindsSince(0)).toEqual(['org_invite_team_member', 'org_delete_team_member_invite'])
    expect((await world.as('bob').request('PUT', invite)).status).toBe(403)
    expect((await world.as('alice').request('PUT', `${team('none')}/invite/new@example.com`)).status).toBe(404)
  })

  it('has no such paths where there is no mail', async () => {
    const world = await createWorld()
    expect((await world.as('alice').request('PUT', `${team('readers')}/invite/new@example.com`)).status).toBe(404)
    expect((await world.as('dave').request('PUT', '/api/v1/teaminvite/x')).status).toBe(404)
  })
})
