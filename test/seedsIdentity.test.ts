import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { account } from '../src/store/schema.ts'
import { basic } from './support/push.ts'
import { shapeOf } from './support/shape.ts'
import { createWorld, type Person, password, type World } from './support/world.ts'

/**
 * What the customer's documents print about users, organizations, teams, robots and the superuser's part: requests as they
 * are written there, answers cut to one row of each kind.
 */
const avatar = (name: string, kind: string) => ({ name, hash: 'a'.repeat(64), color: '#f7b6d2', kind })
const appToken = {
  uuid: '6b5aa827-cee5-4fbe-a434-4b7b8a245ca7',
  title: 'MyAppToken',
  last_accessed: null,
  created: 'Wed, 08 Jan 2025 19:32:48 -0000',
  expiration: null,
}
const robot = {
  name: 'acme+ci',
  created: 'Fri, 10 May 2024 17:46:02 -0000',
  last_accessed: null,
  description: '',
  token: '<example_secret>',
}
const report = { quota_bytes: 0, configured_quota: null, running_backfill: 'complete', backfill_status: 'complete' }
const quota = { quotas: [], quota_report: report }
const owners = {
  name: 'owners',
  description: '',
  role: 'admin',
  avatar: avatar('owners', 'team'),
  can_view: true,
  repo_count: 0,
  member_count: 1,
  is_synced: false,
}
const team = (name: string) => ({ name, avatar: avatar(name, 'team') })
const organization = {
  name: 'dunder',
  email: 'new-contact@test-org.com',
  avatar: avatar('dunder', 'user'),
  is_admin: true,
  is_member: true,
  teams: { owners },
  ordered_teams: ['owners'],
  invoice_email: true,
  invoice_email_address: 'billing@test-org.com',
  tag_expiration_s: 1209600,
  is_free_account: true,
  ...quota,
}
const member = {
  name: 'alice',
  kind: 'user',
  avatar: avatar('alice', 'user'),
  teams: [team('owners')],
  repositories: ['app', 'pub'],
}
const application = {
  name: 'new-application',
  description: '',
  application_uri: '',
  client_id: 'E6GJSHOZMFBVNHTHNB53',
  client_secret: 'SANSWCWSGLVAUQ60L4Q4CEO3C1QAYGEXZK2VKJNI',
  redirect_uri: '',
  avatar_email: null,
}
const installUser = {
  kind: 'user',
  name: 'quayadmin',
  username: 'quayadmin',
  email: 'quay@quay.com',
  verified: true,
  avatar: avatar('quayadmin', 'user'),
  super_user: true,
  // The documents leave it out; the product says it.
  global_readonly_super_user: false,
  enabled: true,
  ...quota,
}
const installOrganization = { name: 'acme', email: 'a@b.cd', avatar: avatar('acme', 'org'), ...quota }
const serviceKey = {
  approval: { approval_type: 'ServiceKeyApprovalType.AUTOMATIC', approved_date: 'HTTP', approver: null, notes: '' },
  created_date: 'Mon, 20 Jan 2025 14:46:01 GMT',
  expiration_date: 'Wed, 05 Feb 2025 22:03:37 GMT',
  jwk: { e: 'AQAB', kid: '7fr8', kty: 'RSA', n: '5iMX7' },
  kid: '7fr8',
  metadata: { created_by: 'CLI tool' },
  name: 'http://quay-server.example.com:80',
  rotation_duration: null,
  service: 'quay',
}
const teamMember = {
  name: 'dave',
  kind: 'user',
  is_robot: false,
  avatar: avatar('dave', 'user'),
  invited: false,
}
const repository = { name: 'testrepo', is_public: true }
const userOrganization = {
  name: 'acme',
  avatar: avatar('acme', 'org'),
  can_create_repo: true,
  public: false,
  is_org_admin: true,
  preferred_namespace: false,
}
const user = {
  anonymous: false,
  username: 'quayadmin',
  avatar: avatar('quayadmin', 'user'),
  can_create_repo: true,
  is_me: true,
  verified: true,
  email: 'test@gmil.com',
  logins: [],
  invoice_email: false,
  invoice_email_address: null,
  preferred_namespace: false,
  tag_expiration_s: 1209600,
  prompts: [],
  company: null,
  family_name: null,
  given_name: null,
  location: null,
  is_free_account: true,
  has_password_set: true,
  ...quota,
}

interface Printed {
  section: string
  as?: Person
  after?: (string | readonly [request: string, body: unknown])[]
  request: string
  body?: unknown
  status?: number
  /** The answer that is printed; nothing where the documents say so. */
  prints: unknown
  /** Keys whose order the documents print otherwise than the product answers: they are compared as a set. */
  inAnyOrder?: boolean
}

const organizations = '/api/v1/organization'
const superuser = '/api/v1/superuser'
const robots = `${organizations}/acme/robots`
const token = `POST /api/v1/user/apptoken`
const made = [token, { title: 'MyAppToken' }] as const
const dunder = [`POST ${organizations}/`, { name: 'dunder' }] as const
const contact = {
  email: 'new-contact@test-org.com',
  invoice_email: true,
  invoice_email_address: 'billing@test-org.com',
}

const printed: Printed[] = [
  { section: '3.2', after: [`PUT ${robots}/ci`], request: `POST ${robots}/ci/regenerate`, prints: robot },
  {
    section: '3.2, of a user',
    after: ['PUT /api/v1/user/robots/ci'],
    request: 'POST /api/v1/user/robots/ci/regenerate',
    prints: robot,
  },
  {
    section: '5.2 and 6.1, create',
    request: token,
    body: { title: 'MyAppToken' },
    prints: { token: { ...appToken, token_code: 'K2YQ' } },
  },
  {
    section: '6.1, list',
    after: [made],
    request: 'GET /api/v1/user/apptoken',
    prints: { tokens: [appToken], only_expiring: null },
  },
  {
    section: '6.1, one',
    after: [made],
    request: 'GET /api/v1/user/apptoken/{uuid}',
    prints: { token: { ...appToken, token_code: 'K2YQ' } },
  },
  { section: '6.1, delete', after: [made], request: 'DELETE /api/v1/user/apptoken/{uuid}', status: 204, prints: '' },
  { section: '6.10.1, create', request: dunder[0], body: dunder[1], status: 201, prints: 'Created' },
  {
    section: '6.10.1, change',
    after: [dunder],
    request: `PUT ${organizations}/dunder`,
    body: contact,
    prints: organization,
  },
  { section: '6.10.2, delete', after: [dunder], request: `DELETE ${organizations}/dunder`, status: 204, prints: '' },
  {
    section: '6.10.2, look',
    after: [dunder, `DELETE ${organizations}/dunder`],
    request: `GET ${organizations}/dunder`,
    status: 404,
    prints: {
      detail: 'Not Found',
      error_message: 'Not Found',
      error_type: 'not_found',
      title: 'not_found',
      type: 'http://<quay-server.example.com>/api/v1/error/not_found',
      status: 404,
    },
  },
  {
    section: '6.10.3, members',
    request: `GET ${organizations}/acme/members`,
    prints: {
      members: [member, { ...member, name: 'bob', repositories: [] }, { ...member, name: 'carol', repositories: [] }],
    },
  },
  { section: '6.10.3, one', request: `GET ${organizations}/acme/members/alice`, prints: member },
  {
    section: '6.10.3, collaborators',
    after: [['PUT /api/v1/repository/acme/app/permissions/user/dave', { role: 'read' }]],
    request: `GET ${organizations}/acme/collaborators`,
    // The documents print a bare name, which is no JSON.
    prints: { collaborators: [{ kind: 'user', name: 'dave', avatar: avatar('dave', 'user'), repositories: ['app'] }] },
  },
  { section: '6.10.3, remove', request: `DELETE ${organizations}/acme/members/bob`, status: 204, prints: '' },
  {
    section: '6.10.4, create',
    request: `POST ${organizations}/acme/applications`,
    body: { name: 'new-application' },
    prints: application,
  },
  {
    section: '6.10.4, list',
    request: `GET ${organizations}/acme/applications`,
    prints: { applications: [application] },
  },
  {
    section: '6.10.4, change',
    request: `PUT ${organizations}/acme/applications/TESTSTESTSTESTSTESTS`,
    body: {
      name: 'Updated Application Name',
      redirect_uri: 'https://example.com/oauth/callback',
      application_uri: 'https://example.com',
      description: 'Updated description for the application',
      avatar_email: 'avatar@example.com',
    },
    prints: { ...application, avatar_email: 'avatar@example.com' },
  },
  {
    section: '6.10.4, information',
    request: 'GET /api/v1/app/TESTSTESTSTESTSTESTS',
    prints: {
      name: 'new-application3',
      description: '',
      uri: '',
      avatar: avatar('new-application3', 'app'),
      organization: { ...organization, teams: {}, ordered_teams: [], invoice_email_address: null },
    },
  },
  {
    section: '6.10.4 and 5.4, delete',
    after: [[`POST ${organizations}/acme/applications`, { name: 'other' }]],
    request: `DELETE ${organizations}/acme/applications/{client_id}`,
    status: 204,
    prints: '',
  },
  {
    section: '6.14.1',
    request: `PUT ${robots}/ci`,
    status: 201,
    prints: { ...robot, unstructured_metadata: null },
  },
  {
    section: '6.14.1, of a user',
    request: 'PUT /api/v1/user/robots/ci',
    status: 201,
    prints: { ...robot, unstructured_metadata: null },
  },
  {
    section: '6.14.2',
    after: [`PUT ${robots}/ci`],
    request: `GET ${robots}/ci`,
    prints: { ...robot, unstructured_metadata: {} },
  },
  {
    section: '6.14.2, of a user',
    after: ['PUT /api/v1/user/robots/ci'],
    request: 'GET /api/v1/user/robots/ci',
    prints: { ...robot, unstructured_metadata: {} },
  },
  {
    section: '6.14.2, permissions',
    after: [`PUT ${robots}/ci`, ['PUT /api/v1/repository/acme/pub/permissions/user/acme+ci', { role: 'admin' }]],
    request: `GET ${robots}/ci/permissions`,
    prints: { permissions: [{ repository, role: 'admin' }] },
  },
  { section: '6.14.3', after: [`PUT ${robots}/ci`], request: `DELETE ${robots}/ci`, status: 204, prints: '' },
  {
    section: '6.14.3, list',
    after: [`PUT ${robots}/ci`],
    request: `GET ${robots}`,
    prints: { robots: [robot] },
  },
  {
    section: '6.17.1, create',
    as: 'admin',
    request: `POST ${superuser}/users/`,
    body: { username: 'newuser', email: 'newuser@example.com' },
    prints: { username: 'newuser', email: 'newuser@example.com', password: '123456789', encrypted_password: 'x' },
  },
  {
    section: '6.17.1, list',
    as: 'admin',
    request: `GET ${superuser}/users/`,
    prints: { users: Array.from({ length: 6 }, () => installUser) },
  },
  { section: '6.17.2', as: 'admin', request: `DELETE ${superuser}/users/dave`, status: 204, prints: '' },
  {
    section: '6.17.3, list',
    as: 'admin',
    request: `GET ${superuser}/organizations?name=acme`,
    prints: { organizations: [installOrganization] },
  },
  {
    section: '6.17.3, change',
    as: 'admin',
    request: `PUT ${superuser}/organizations/acme`,
    body: { ...contact, tag_expiration_s: 86_400 },
    prints: installOrganization,
  },
  {
    section: '6.17.3, delete',
    as: 'admin',
    request: `DELETE ${superuser}/organizations/acme`,
    status: 204,
    prints: '',
  },
  {
    section: '6.17.4, registry size',
    as: 'admin',
    request: `GET ${superuser}/registrysize/`,
    prints: { size_bytes: 0, last_ran: null, running: false, queued: false },
    inAnyOrder: true,
  },
  {
    section: '6.17.4, count',
    as: 'admin',
    request: `POST ${superuser}/registrysize/`,
    body: { namespace: 'acme', last_ran: 1_700_000_000, queued: true, running: false },
    status: 201,
    prints: '',
  },
  {
    section: '6.17.8, create with a name that is none',
    as: 'admin',
    request: `POST ${superuser}/keys`,
    body: { service: '<service_name>', expiration: 1_900_000_000 },
    status: 400,
    prints: { message: '' },
  },
  {
    section: '6.19.1, add',
    request: `PUT ${organizations}/acme/team/readers/members/dave`,
    prints: teamMember,
  },
  {
    section: '6.19.1, remove',
    request: `DELETE ${organizations}/acme/team/readers/members/carol`,
    status: 204,
    prints: '',
  },
  {
    section: '6.19.1, list',
    after: [`PUT ${robots}/ci`, `PUT ${organizations}/acme/team/owners/members/acme+ci`],
    request: `GET ${organizations}/acme/team/owners/members`,
    prints: {
      name: 'owners',
      members: [teamMember, { ...teamMember, is_robot: true, avatar: avatar('acme+ci', 'robot') }],
      can_edit: true,
    },
  },
  {
    section: '6.19.2, permissions',
    request: `GET ${organizations}/acme/team/readers/permissions`,
    prints: { permissions: Array.from({ length: 2 }, () => ({ repository, role: 'admin' })) },
  },
  {
    section: '6.19.2, role',
    request: `PUT ${organizations}/acme/team/readers`,
    body: { role: 'creator' },
    prints: {
      name: 'testteam',
      description: '',
      can_view: true,
      role: 'creator',
      avatar: avatar('testteam', 'team'),
      new_team: false,
    },
  },
  { section: '6.19.3', request: `DELETE ${organizations}/acme/team/readers`, status: 204, prints: '' },
  {
    section: '6.21, user',
    request: 'GET /api/v1/user/',
    prints: { ...user, organizations: [userOrganization] },
  },
  {
    section: '6.21, superuser',
    as: 'admin',
    request: 'GET /api/v1/user/',
    prints: { ...user, organizations: [], super_user: true },
  },
  {
    section: '6.21, another user',
    as: 'admin',
    request: 'GET /api/v1/users/dave',
    prints: { anonymous: false, username: 'testuser', avatar: avatar('testuser', 'user'), super_user: false },
  },
  {
    section: '6.21, star',
    request: 'POST /api/v1/user/starred',
    body: { namespace: 'acme', repository: 'pub' },
    status: 201,
    prints: { namespace: 'test', repository: 'testrepo' },
  },
  {
    section: '6.21, stars',
    after: [['POST /api/v1/user/starred', { namespace: 'acme', repository: 'pub' }]],
    request: 'GET /api/v1/user/starred',
    prints: {
      repositories: [{ namespace: 'test', name: 'testrepo', description: 'This repository', is_public: true }],
    },
  },
  {
    section: '6.21, unstar',
    after: [['POST /api/v1/user/starred', { namespace: 'acme', repository: 'pub' }]],
    request: 'DELETE /api/v1/user/starred/acme/pub',
    status: 204,
    prints: '',
  },
]

const settings = { FEATURE_QUOTA_MANAGEMENT: true }

/** The value that only the registry knows, where a path asks for it. */
async function fill(world: World, path: string): Promise<string> {
  const alice = world.as('alice')
  if (path.includes('{uuid}')) {
    const { tokens } = await alice.get<{ tokens: { uuid: string }[] }>('/api/v1/user/apptoken')
    return path.replace('{uuid}', tokens[0]?.uuid ?? '')
  }
  if (!path.includes('{client_id}')) return path
  const list = await alice.get<{ applications: { client_id: string }[] }>(`${organizations}/acme/applications`)
  return path.replace('{client_id}', list.applications.at(-1)?.client_id ?? '')
}

const sorted = (shape: unknown) =>
  Array.isArray(shape) ? [...shape].sort((a, b) => String(a).localeCompare(String(b))) : shape

describe("the documents' examples", () => {
  it.each(printed)(
    '$section: $request',
    async ({ as = 'alice', after = [], request, body, status = 200, prints, inAnyOrder }) => {
      const world = await createWorld({ settings })
      await world.arrange('alice', ...after)
      const [method = '', path = ''] = request.split(' ')
      // As curl sends a body: with the type that the documents name.
      const response = await world.as(as).request(method, await fill(world, path), body)
      const text = await response.text()
      expect([response.status, text.length > 2]).toEqual([status, prints !== ''])
      if (prints === '') return
      const [ours, theirs] = [shapeOf(JSON.parse(text)), shapeOf(prints)]
      expect(inAnyOrder ? sorted(ours) : ours).toEqual(inAnyOrder ? sorted(theirs) : theirs)
    },
  )

  it('4.1: a token of /v2/auth for a name and a password', async () => {
    const world = await createWorld()
    const response = await world
      .client(basic('alice', password))
      .request('GET', '/v2/auth?service=registry.test&scope=repository:quay/listocireferrs:pull,push')
    expect([response.status, shapeOf(await response.json())]).toEqual([200, shapeOf({ token: 'x.y.z' })])
  })

  it('5.3: what a console hears that sends no token', async () => {
    const world = await createWorld()
    const response = await world.as('nobody').request('POST', '/api/v1/user/apptoken', { title: 'x' })
    expect([response.status, await response.json()]).toEqual([403, { error: 'CSRF token was invalid or missing.' }])
  })

  it('6.10.3 and 6.19.1: what was removed is gone from the list', async () => {
    const world = await createWorld()
    await world.arrange(
      'alice',
      `DELETE ${organizations}/acme/members/bob`,
      `DELETE ${organizations}/acme/team/readers/members/carol`,
    )
    const { members } = await world.as('alice').get<{ members: unknown[] }>(`${organizations}/acme/members`)
    expect(members).toHaveLength(1)
  })

  it('6.17.4: the log of everything, page by page', async () => {
    const world = await createWorld()
    for (let i = 0; i < 21; i++)
      await world.arrange('alice', [`POST ${organizations}/acme/applications`, { name: 'x' }])
    const log = await world
      .as('admin')
      .get<{ logs: Record<string, unknown>[] }>(
        `${superuser}/logs?starttime=02/28/2026&endtime=03/02/2026&page=1&next_page=`,
      )
    expect(Object.keys(log)).toEqual(['start_time', 'end_time', 'logs', 'next_page'])
    expect(Object.keys(log.logs[0] ?? {})).toEqual(
      expect.arrayContaining(['kind', 'metadata', 'ip', 'datetime', 'namespace']),
    )
    expect(shapeOf(log.logs[0]?.namespace)).toEqual(
      shapeOf({ kind: 'org', name: 'acme', avatar: avatar('acme', 'org') }),
    )
  })

  it('6.17.8: the keys of services', async () => {
    const world = await createWorld()
    const admin = world.as('admin')
    await world.client(basic('alice', password)).request('GET', '/v2/auth?service=registry.test')
    const created = await admin.request('POST', `${superuser}/keys`, { service: 'scanner', expiration: 1_900_000_000 })
    const { kid } = (await created.json()) as { kid: string }
    const approver = installUser
    const approved = { ...serviceKey.approval, approver }
    const asPrinted = { ...serviceKey, approval: { ...approved, approver: null } }
    const keysOf = (value: unknown) => Object.keys(value as object).sort()
    const note = await admin.request('POST', `${superuser}/approvedkeys/${kid}`, { notes: 'fine' })
    expect([note.status, await note.text()]).toEqual([201, ''])
    const one = await admin.get<typeof serviceKey>(`${superuser}/keys/${kid}`)
    for (const [ours, theirs] of [
      [one, asPrinted],
      [one.approval, asPrinted.approval],
      [one.jwk, asPrinted.jwk],
    ] as const) {
      expect(keysOf(ours)).toEqual(keysOf(theirs))
    }
    const change = {
      name: 'quay-service-key-updated',
      metadata: { environment: 'production' },
      expiration: 1_900_000_001,
    }
    const changed = await admin.request('PUT', `${superuser}/keys/${kid}`, change)
    expect(await changed.json()).toMatchObject({
      name: change.name,
      metadata: { created_by: 'Superuser API', environment: 'production' },
      expiration_date: 'Sun, 17 Mar 2030 17:46:41 GMT',
    })
    const gone = await admin.request('DELETE', `${superuser}/keys/${kid}`)
    expect([gone.status, await gone.text()]).toEqual([204, ''])
  })

  it('avatars are those that are printed', async () => {
    const world = await createWorld()
    const rename = { username: 'quayadmin', email: 'quay@quay.com' }
    await world.store.batch([world.store.update(account).set(rename).where(eq(account.username, 'dave'))])
    expect(await world.as('nobody').get('/api/v1/users/quayadmin')).toMatchObject({
      avatar: {
        name: 'quayadmin',
        hash: 'b28d563a6dc76b4431fc7b0524bbff6b810387dac86d9303874871839859c7cc',
        color: '#17becf',
        kind: 'user',
      },
    })
    await world.arrange('alice', [`PUT ${organizations}/acme`, { email: 'new-contact@test-org.com' }])
    expect(await world.as('alice').get(`${organizations}/acme`)).toMatchObject({
      avatar: { hash: 'a15d479002b20f211568fd4419e76686d2b88a4980a5b4c4bc10420776c5f6fe', color: '#aec7e8' },
      teams: {
        owners: {
          avatar: { hash: '6f0e3a8c0eb46e8834b43b03374ece43a030621d92a7437beb48f871e90f8d90', color: '#c7c7c7' },
        },
      },
    })
  })
})
