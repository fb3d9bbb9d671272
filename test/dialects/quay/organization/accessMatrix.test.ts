import { describe, expect, it } from 'vitest'
import { Browser } from '../../../support/browser.ts'
import { createWorld, type Person } from '../../../support/world.ts'

const role = (name: string) => ({ role: name })
const unknownUser = { role: 'read', delegate: { kind: 'user', name: 'nosuch' } }
const acme = '/organization/acme'
const permissions = '/repository/acme/app/permissions'

/** `guest` is nobody with a CSRF token; carol is in the team readers. `full`: a superuser with full access, where not as alice. */
interface Row {
  request: string
  body?: unknown
  guest: number
  stranger: number
  carol: number
  auditor: number
  alice: number
  full?: number
}

/** Calls that only those who administer may make, and what those hear. */
const forAdmins = (request: string, alice: number, more: Partial<Row> = {}): Row => ({
  request,
  guest: 401,
  stranger: 403,
  carol: 403,
  auditor: request.startsWith('GET') ? alice : 403,
  alice,
  ...more,
})

const rows: Row[] = [
  { request: `GET ${acme}`, guest: 200, stranger: 200, carol: 200, auditor: 200, alice: 200 },
  forAdmins(`PUT ${acme}`, 200, { body: {} }),
  forAdmins(`DELETE ${acme}`, 204),
  forAdmins(`GET ${acme}/members`, 200),
  forAdmins(`GET ${acme}/collaborators`, 200),
  forAdmins(`GET ${acme}/members/nosuch`, 404),
  forAdmins(`DELETE ${acme}/members/nosuch`, 404),
  forAdmins(`PUT ${acme}/team/readers`, 200, { body: role('member') }),
  forAdmins(`DELETE ${acme}/team/readers`, 204),
  // Somebody from outside who may do everything may also take the caller's word away.
  forAdmins(`PUT ${acme}/team/owners`, 400, { body: role('member'), full: 200 }),
  forAdmins(`DELETE ${acme}/team/owners`, 400),
  forAdmins(`GET ${acme}/team/readers/members`, 200, { carol: 200 }),
  forAdmins(`GET ${acme}/team/writers/members`, 200),
  forAdmins(`GET ${acme}/team/writers/permissions`, 200),
  forAdmins(`PUT ${acme}/team/writers/members/SELF`, 200),
  forAdmins(`PUT ${acme}/team/owners/members/alice`, 400),
  forAdmins(`DELETE ${acme}/team/writers/members/SELF`, 400),
  forAdmins(`DELETE ${acme}/team/owners/members/alice`, 400, { full: 204 }),
  forAdmins(`GET ${acme}/robots`, 200, { carol: 200 }),
  forAdmins(`GET ${acme}/robots/none`, 400),
  forAdmins(`DELETE ${acme}/robots/none`, 400),
  forAdmins(`POST ${acme}/robots/none/regenerate`, 400),
  forAdmins(`GET ${acme}/robots/none/permissions`, 400),
  { request: 'GET /user/robots/none', guest: 401, stranger: 400, carol: 400, auditor: 400, alice: 400 },
  { request: 'DELETE /user/robots/none', guest: 401, stranger: 400, carol: 400, auditor: 400, alice: 400 },
  { request: 'POST /user/robots/none/regenerate', guest: 401, stranger: 400, carol: 400, auditor: 400, alice: 400 },
  { request: 'GET /user/robots/none/permissions', guest: 401, stranger: 400, carol: 400, auditor: 400, alice: 400 },
  {
    request: 'POST /organization/',
    body: { name: 'new', email: 'bad' },
    guest: 401,
    stranger: 400,
    carol: 400,
    auditor: 400,
    alice: 400,
  },
  forAdmins(`GET ${acme}/prototypes`, 200),
  forAdmins(`POST ${acme}/prototypes`, 400, { body: unknownUser }),
  forAdmins(`PUT ${acme}/prototypes/unknown`, 404, { body: role('read') }),
  forAdmins(`DELETE ${acme}/prototypes/unknown`, 404),
  forAdmins(`GET ${permissions}/user/`, 200),
  forAdmins(`GET ${permissions}/team/`, 200),
  forAdmins(`GET ${permissions}/user/nosuch`, 400),
  forAdmins(`PUT ${permissions}/user/nosuch`, 400, { body: role('read') }),
  forAdmins(`DELETE ${permissions}/user/nosuch`, 400),
]

describe('who may do what with organizations', () => {
  it.each(rows)('$request', async ({ request, body, guest, stranger, carol, auditor, alice }) => {
    const world = await createWorld()
    const [method = '', path = ''] = request.split(' ')
    const ask = (who: Person) => world.as(who).request(method, `/api/v1${path.replace('SELF', who)}`, body)
    const browser = await new Browser(world).open()
    const answers = {
      guest: (await browser.request(method, `/api/v1${path.replace('SELF', 'dave')}`, body)).status,
      stranger: (await ask('dave')).status,
      // Without full access a superuser is a stranger.
      superuser: (await ask('admin')).status,
      carol: (await ask('carol')).status,
      auditor: (await ask('auditor')).status,
    }
    expect(await world.events()).toEqual([])
    expect({ ...answers, alice: (await ask('alice')).status }).toEqual({
      guest,
      stranger,
      superuser: stranger,
      carol,
      auditor,
      alice,
    })
  })

  it.each(rows)('$request with full access', async ({ request, body, alice, full = alice }) => {
    const world = await createWorld({ settings: { FEATURE_SUPERUSERS_FULL_ACCESS: true } })
    const [method = '', path = ''] = request.split(' ')
    const response = await world.as('admin').request(method, `/api/v1${path.replace('SELF', 'admin')}`, body)
    expect(response.status).toBe(full)
  })
})

describe('two at the same time', () => {
  it('never leave an organization without an admin', async () => {
    const world = await createWorld()
    const owners = `/api/v1${acme}/team/owners`
    await world.arrange('alice', [`PUT /api/v1${acme}/team/ops`, role('admin')], `PUT ${owners}/members/bob`)
    await world.arrange('alice', `PUT /api/v1${acme}/team/ops/members/alice`, `PUT /api/v1${acme}/team/ops/members/bob`)
    const lines = (await world.events()).length

    // Each may leave one of two admin teams, not both.
    const leave = (team: string) => world.as('alice').request('DELETE', `/api/v1${acme}/team/${team}/members/alice`)
    const answers = await Promise.all([leave('owners'), leave('ops')])

    expect(answers.map(({ status }) => status).sort()).toEqual([204, 400])
    expect(await world.kindsSince(lines)).toEqual(['org_remove_team_member'])
  })

  it('put one member into a team once', async () => {
    const world = await createWorld()
    const join = () => world.as('alice').request('PUT', `/api/v1${acme}/team/readers/members/dave`)
    const answers = await Promise.all([join(), join(), join()])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400])
    expect(await world.kindsSince(0)).toEqual(['org_add_team_member'])
  })

  it('create one robot, one team and one organization of a name', async () => {
    const world = await createWorld()
    const alice = world.as('alice')
    const race = async (method: string, path: string, body?: unknown) => {
      const answers = await Promise.all([1, 2, 3].map(() => alice.request(method, `/api/v1${path}`, body)))
      return answers.map(({ status }) => status).sort()
    }
    expect(await race('PUT', `${acme}/robots/ci`)).toEqual([201, 400, 400])
    expect(await race('POST', '/organization/', { name: 'dunder' })).toEqual([201, 400, 400])
    expect(await race('PUT', `${acme}/team/ops`, role('member'))).toEqual([200, 200, 200])
    expect(await world.kindsSince(0)).toEqual(['create_robot', 'org_create', 'org_create_team'])
  })

  it('take one grant away once', async () => {
    const world = await createWorld()
    const withdraw = () => world.as('alice').request('DELETE', `/api/v1${permissions}/user/alice`)
    const answers = await Promise.all([withdraw(), withdraw()])
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 400])
    expect(await world.kindsSince(0)).toEqual(['delete_repo_permission'])
  })
})
