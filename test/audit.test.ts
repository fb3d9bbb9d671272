import { describe, expect, it } from 'vitest'
import { quayEndpoints } from '../src/dialects/quay/index.ts'
import { accountNotice, serviceKey } from '../src/store/schema.ts'
import { Browser } from './support/browser.ts'
import { createWorld, type Person, password, type World } from './support/world.ts'

const acme = '/api/v1/organization/acme'
const app = '/api/v1/repository/acme/app'
const user = '/api/v1/user'
const superuser = '/api/v1/superuser'
const applications = `${acme}/applications`
const tests = `${applications}/TESTSTESTSTESTSTESTS`

type Arranged = string | readonly [request: string, body: unknown]

interface Change {
  as?: Person | 'browser'
  /** Requests that come first, whose lines do not count. */
  after?: Arranged[]
  /** `METHOD /path`; of what was made before, the parts that only the registry knew. */
  request: string | ((world: World) => Promise<string>)
  body?: unknown
  /** The lines that it writes into the log. */
  lines: string[]
}

/** What `path` answers to alice, as the path of something in it. */
const under =
  (path: string, list: string, key: string, more = '', as: Person = 'alice') =>
  async (world: World, method: string) => {
    const answer = await world.as(as).get<Record<string, Record<string, unknown>[]>>(path)
    return `${method} ${path}/${answer[list]?.at(-1)?.[key]}${more}`
  }
const found =
  (method: string, path: string, list: string, key: string, more = '', as: Person = 'alice') =>
  (world: World) =>
    under(path, list, key, more, as)(world, method)

const robot = (base: string, kind: 'Org' | 'User'): Record<string, Change> => ({
  [`create${kind}Robot`]: { request: `PUT ${base}/ci`, lines: ['create_robot'] },
  [`delete${kind}Robot`]: { after: [`PUT ${base}/ci`], request: `DELETE ${base}/ci`, lines: ['delete_robot'] },
  [`regenerate${kind}RobotToken`]: {
    after: [`PUT ${base}/ci`],
    request: `POST ${base}/ci/regenerate`,
    lines: ['regenerate_robot_token'],
  },
  [`create${kind}RobotFederation`]: {
    after: [`PUT ${base}/ci`],
    request: `POST ${base}/ci/federation`,
    body: [{ issuer: 'https://issuer.example.com', subject: 's' }],
    lines: ['create_robot_federation'],
  },
  [`delete${kind}RobotFederation`]: {
    after: [`PUT ${base}/ci`],
    request: `DELETE ${base}/ci/federation`,
    lines: ['delete_robot_federation'],
  },
})

const policies = (path: string, kind: 'Org' | 'Repository'): Record<string, Change> => {
  const policy = { tagPattern: 'v8', tagPatternMatches: true }
  return {
    [`create${kind}ImmutabilityPolicy`]: {
      request: `POST ${path}`,
      body: policy,
      lines: ['create_immutability_policy'],
    },
    [`update${kind}ImmutabilityPolicy`]: {
      after: [[`POST ${path}`, policy]],
      request: found('PUT', path, 'policies', 'uuid'),
      body: { ...policy, tagPattern: 'v9' },
      lines: ['update_immutability_policy'],
    },
    [`delete${kind}ImmutabilityPolicy`]: {
      after: [[`POST ${path}`, policy]],
      request: found('DELETE', path, 'policies', 'uuid'),
      lines: ['delete_immutability_policy'],
    },
  }
}

const permission = (path: string, kind: 'User' | 'Team'): Record<string, Change> => ({
  [`change${kind}Permissions`]: { request: `PUT ${path}`, body: { role: 'admin' }, lines: ['change_repo_permission'] },
  [`delete${kind}Permissions`]: {
    after: [[`PUT ${path}`, { role: 'admin' }]],
    request: `DELETE ${path}`,
    lines: ['delete_repo_permission'],
  },
})

const prototype = { role: 'read', delegate: { name: 'bob', kind: 'user' } }
const signUp = { username: 'eve', password: 'a-good-password', email: 'eve@example.com' }
const key = { service: 'scanner', expiration: null }

/** A change through each endpoint that makes one. */
const changes: Record<string, Change> = {
  ...robot(`${acme}/robots`, 'Org'),
  ...robot(`${user}/robots`, 'User'),
  ...policies(`${acme}/immutabilitypolicy`, 'Org'),
  ...policies(`${app}/immutabilitypolicy`, 'Repository'),
  ...permission(`${app}/permissions/user/dave`, 'User'),
  ...permission(`${app}/permissions/team/owners`, 'Team'),

  createOrganizationApplication: {
    request: `POST ${applications}`,
    body: { name: 'x' },
    lines: ['create_application'],
  },
  updateOrganizationApplication: {
    request: `PUT ${tests}`,
    body: { name: 'x', redirect_uri: '', application_uri: '' },
    lines: ['update_application'],
  },
  resetOrganizationApplicationClientSecret: {
    request: `POST ${tests}/resetclientsecret`,
    lines: ['reset_application_client_secret'],
  },
  deleteOrganizationApplication: {
    after: [[`POST ${applications}`, { name: 'x' }]],
    request: found('DELETE', applications, 'applications', 'client_id'),
    lines: ['delete_application'],
  },
  createOrganizationApplicationToken: {
    request: `POST ${tests}/tokens`,
    body: { name: 'x', scope: 'repo:read' },
    lines: ['create_oauth_api_token'],
  },
  deleteOrganizationApplicationToken: {
    request: async (world) => {
      const { tokens } = await world
        .as('alice')
        .get<{ tokens: { uuid: string; created_by: string }[] }>(`${tests}/tokens`)
      return `DELETE ${tests}/tokens/${tokens[0]?.uuid}`
    },
    lines: ['revoke_oauth_api_token'],
  },
  deleteUserAuthorization: {
    as: 'browser',
    request: found('DELETE', `${user}/authorizations`, 'authorizations', 'uuid'),
    lines: ['oauth_token_revoked'],
  },

  createOrganization: { request: 'POST /api/v1/organization/', body: { name: 'fresh' }, lines: ['org_create'] },
  changeOrganizationDetails: { request: `PUT ${acme}`, body: { email: '' }, lines: ['org_change_email'] },
  deleteAdminedOrganization: { request: `DELETE ${acme}`, lines: ['org_delete'] },
  removeOrganizationMember: { request: `DELETE ${acme}/members/bob`, lines: ['org_remove_team_member'] },
  createOrganizationPrototypePermission: {
    request: `POST ${acme}/prototypes`,
    body: prototype,
    lines: ['create_prototype_permission'],
  },
  updateOrganizationPrototypePermission: {
    after: [[`POST ${acme}/prototypes`, prototype]],
    request: found('PUT', `${acme}/prototypes`, 'prototypes', 'id'),
    body: { role: 'write' },
    lines: ['modify_prototype_permission'],
  },
  deleteOrganizationPrototypePermission: {
    after: [[`POST ${acme}/prototypes`, prototype]],
    request: found('DELETE', `${acme}/prototypes`, 'prototypes', 'id'),
    lines: ['delete_prototype_permission'],
  },

  updateOrganizationTeam: { request: `PUT ${acme}/team/ops`, body: { role: 'member' }, lines: ['org_create_team'] },
  deleteOrganizationTeam: { request: `DELETE ${acme}/team/readers`, lines: ['org_delete_team'] },
  updateOrganizationTeamMember: {
    request: `PUT ${acme}/team/readers/members/bob`,
    lines: ['org_add_team_member'],
  },
  deleteOrganizationTeamMember: {
    request: `DELETE ${acme}/team/readers/members/carol`,
    lines: ['org_remove_team_member'],
  },
  inviteTeamMemberEmail: {
    request: `PUT ${acme}/team/readers/invite/new@example.com`,
    lines: ['org_invite_team_member'],
  },
  deleteTeamMemberEmailInvite: {
    after: [`PUT ${acme}/team/readers/invite/new@example.com`],
    request: `DELETE ${acme}/team/readers/invite/new@example.com`,
    lines: ['org_delete_team_member_invite'],
  },
  acceptOrganizationTeamInvite: {
    as: 'dave',
    after: [`PUT ${acme}/team/readers/members/dave`],
    request: (world) => inviteOfDave(world, 'PUT'),
    lines: ['org_team_member_invite_accepted'],
  },
  declineOrganizationTeamInvite: {
    as: 'dave',
    after: [`PUT ${acme}/team/readers/members/dave`],
    request: (world) => inviteOfDave(world, 'DELETE'),
    lines: ['org_team_member_invite_declined'],
  },

  createRepo: {
    request: 'POST /api/v1/repository',
    body: { namespace: 'acme', repository: 'new', visibility: 'private', description: '' },
    lines: ['create_repo'],
  },
  updateRepo: { request: `PUT ${app}`, body: { description: 'x' }, lines: ['set_repo_description'] },
  changeRepoVisibility: {
    request: `POST ${app}/changevisibility`,
    body: { visibility: 'public' },
    lines: ['change_repo_visibility'],
  },
  changeRepoState: { request: `PUT ${app}/changestate`, body: { state: 'READ_ONLY' }, lines: ['change_repo_state'] },
  changeRepoTrust: { request: `POST ${app}/changetrust`, body: { trust_enabled: true }, lines: ['change_repo_trust'] },
  deleteRepository: { request: `DELETE ${app}`, lines: ['delete_repo'] },

  changeTag: { request: `PUT ${app}/tag/new`, body: 'digest', lines: ['create_tag'] },
  deleteFullTag: { request: `DELETE ${app}/tag/v1`, lines: ['delete_tag'] },
  restoreTag: {
    after: [`DELETE ${app}/tag/v1`],
    request: `POST ${app}/tag/v1/restore`,
    body: 'digest',
    lines: ['revert_tag'],
  },
  removeTagFromTimemachine: {
    request: `POST ${app}/tag/v1/expire`,
    body: 'live',
    lines: ['permanently_delete_tag'],
  },
  addManifestLabel: {
    request: (world) => onManifest(world, 'POST'),
    body: { key: 'a', value: 'b', media_type: 'text/plain' },
    lines: ['manifest_label_add'],
  },
  deleteManifestLabel: {
    request: async (world) => {
      const path = await onManifest(world, '')
      const made = await world
        .as('alice')
        .request('POST', path.trim(), { key: 'a', value: 'b', media_type: 'text/plain' })
      return `DELETE ${path.trim()}/${((await made.json()) as { label: { id: string } }).label.id}`
    },
    lines: ['manifest_label_delete'],
  },

  changeUserDetails: { request: `PUT ${user}/`, body: { invoice_email: true }, lines: ['user_change_invoicing'] },
  createNewUser: { as: 'browser', request: `POST ${user}/`, body: signUp, lines: ['user_create'] },
  deleteCurrentUser: { as: 'dave', request: `DELETE ${user}/`, lines: ['user_delete'] },
  convertUserToOrganization: {
    as: 'dave',
    request: `POST ${user}/convert`,
    body: { adminUser: 'bob', adminPassword: password },
    lines: ['account_convert'],
  },
  generateUserClientKey: { request: `POST ${user}/clientkey`, body: { password }, lines: ['user_generate_client_key'] },
  createAppToken: { request: `POST ${user}/apptoken`, body: { title: 'x' }, lines: ['create_app_specific_token'] },
  revokeAppToken: {
    after: [[`POST ${user}/apptoken`, { title: 'x' }]],
    request: found('DELETE', `${user}/apptoken`, 'tokens', 'uuid'),
    lines: ['revoke_app_specific_token'],
  },
  signinUser: {
    as: 'browser',
    request: 'POST /api/v1/signin',
    body: { username: 'bob', password },
    lines: ['login_success'],
  },
  verifyUser: { request: 'POST /api/v1/signin/verify', body: { password }, lines: ['login_success'] },
  logout: { request: 'POST /api/v1/signout', lines: ['logout_success'] },

  createInstallUser: {
    as: 'admin',
    request: `POST ${superuser}/users/`,
    body: { username: 'eve', email: 'eve@example.com' },
    lines: ['user_create'],
  },
  changeInstallUser: {
    as: 'admin',
    request: `PUT ${superuser}/users/dave`,
    body: { password: 'another-password' },
    lines: ['user_change_password'],
  },
  deleteInstallUser: { as: 'admin', request: `DELETE ${superuser}/users/dave`, lines: ['user_delete'] },
  changeOrganization: {
    as: 'admin',
    request: `PUT ${superuser}/organizations/acme`,
    body: { name: 'acme2' },
    lines: ['org_change_name'],
  },
  deleteOrganization: { as: 'admin', request: `DELETE ${superuser}/organizations/acme`, lines: ['org_delete'] },
  takeOwnership: { as: 'admin', request: `POST ${superuser}/takeownership/acme`, lines: ['take_ownership'] },
  // Made and approved in one: two lines, as in Quay.
  createServiceKey: {
    as: 'admin',
    request: `POST ${superuser}/keys`,
    body: key,
    lines: ['service_key_create', 'service_key_approve'],
  },
  updateServiceKey: {
    as: 'admin',
    request: (world) => onKey(world, 'PUT', 'keys'),
    body: { name: 'x' },
    lines: ['service_key_modify'],
  },
  approveServiceKey: {
    as: 'admin',
    request: (world) => onKey(world, 'POST', 'approvedkeys'),
    body: {},
    lines: ['service_key_approve'],
  },
  deleteServiceKey: { as: 'admin', request: (world) => onKey(world, 'DELETE', 'keys'), lines: ['service_key_delete'] },
}

/** What changes nothing that anybody has to account for, and why. */
const unlogged: Record<string, string> = {
  createStar: "a person's own list",
  deleteStar: "a person's own list",
  updateUserNotification: 'a person has read it',
  deleteAssignedAuthorization: 'a person does not want what was offered',
  queueRegistrySizeCalculation: 'counts, and changes nothing',
  requestRecoveryEmail: 'changes nothing until the link is followed',
  sendInstallUserRecoveryEmail: 'changes nothing until the link is followed',
  sendAuthorizeRepoEmail: 'changes nothing until the address answers',
  createGlobalMessage: 'shown to everybody, with no namespace to tell it to',
  deleteGlobalMessage: 'shown to everybody, with no namespace to tell it to',
  createToken: 'answers 410',
  changeToken: 'answers 410',
  deleteToken: 'answers 410',
  linkExternalUser: 'there is no outside directory: it changes nothing',
  initializeUser: 'needs an empty registry: initializeUser.test.ts',
}

async function inviteOfDave(world: World, method: string) {
  const [rows] = await world.store.batch([world.store.select().from(accountNotice)])
  return `${method} /api/v1/teaminvite/${rows[0]?.lookupPath}`
}

/** A key that another service has registered. */
async function onKey(world: World, method: string, path: string) {
  const row = { kid: 'abc', service: 'scanner', publicJwk: { kty: 'RSA' }, metadata: {}, createdAt: world.clock.now }
  await world.store.batch([world.store.insert(serviceKey).values(row)])
  return `${method} ${superuser}/${path}/abc`
}

async function onManifest(world: World, method: string) {
  const { history } = await world.tags('acme/app')
  const { tags } = await world.as('alice').get<{ tags: { manifest_digest: string }[] }>(`${app}/tag/`)
  expect(history).toHaveLength(1)
  return `${method} ${app}/manifest/${tags[0]?.manifest_digest}/labels`
}

describe('every change', () => {
  it('has a row here', () => {
    const writing = quayEndpoints.filter(({ route }) => route.method !== 'get').map(({ route }) => route.operationId)
    expect([...Object.keys(changes), ...Object.keys(unlogged)].sort()).toEqual(writing.sort())
  })

  const settings = Object.fromEntries(
    ['MAILING', 'IMMUTABLE_TAGS', 'PERMANENTLY_DELETE_TAGS', 'SIGNING', 'REPO_MIRROR'].map((name) => [
      `FEATURE_${name}`,
      true,
    ]),
  )

  it.each(Object.entries(changes).map(([operation, change]) => ({ operation, ...change })))(
    'writes its line into the log: $operation',
    async ({ as = 'alice', after = [], request, body, lines }) => {
      const world = await createWorld({ settings })
      const digest = await world.image('acme/app', { layers: ['a'] })
      await world.point('acme/app', { v1: digest })
      await world.arrange('alice', ...after)
      const [method = '', path = ''] = (typeof request === 'string' ? request : await request(world)).split(' ')
      const bodies = {
        digest: { manifest_digest: digest },
        live: { manifest_digest: digest, is_alive: true, include_submanifests: false },
      }
      const sent = bodies[body as keyof typeof bodies] ?? body
      const browser = new Browser(world)
      if (as === 'browser') await (method === 'DELETE' ? browser.signIn('alice') : browser.open())
      else if (path.endsWith('/signout') || path.endsWith('/verify')) await browser.signIn('alice')
      const client = as === 'browser' || path.endsWith('/signout') || path.endsWith('/verify') ? browser : world.as(as)
      const before = (await world.events()).length
      const response = await client.request(method, path, sent)
      expect(response.ok, `${method} ${path}: ${response.status} ${await response.clone().text()}`).toBe(true)
      expect(await world.kindsSince(before)).toEqual(lines)
      const text = JSON.stringify(await world.events())
      for (const secret of [password, signUp.password, 'another-password']) expect(text).not.toContain(secret)
    },
  )
})
