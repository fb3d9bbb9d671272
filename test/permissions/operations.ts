import type { Target } from './cast.ts'
import type { Gate, Verdict } from './expectation.ts'

const unknownDigest = `sha256:${'0'.repeat(64)}`

export interface OperationRow {
  gate: Gate
  /** What an admitted caller is answered, by the kind of repository; the request is made to change nothing where it can. */
  passes: Status | { existing: Status; missing: Status }
  /** As `passes`, where the namespace is a user's and the operation is about organizations. */
  onUserNamespace?: Status
  query?: string
  body?: unknown | ((target: Target) => unknown)
  /** Changes something when it passes: the registry is made anew afterwards. */
  mutates?: boolean
  /** Of the path, instead of the usual ones. */
  parameters?: Record<string, string>
  /** Where the refusal differs from the rule. */
  refusals?: Partial<Record<Verdict, Status>>
}

type Status = number | readonly number[]

const existing = (status: Status, missing: Status = 404) => ({ existing: status, missing })
const digestBody = { manifest_digest: unknownDigest }
const label = { key: 'a', value: 'b', media_type: 'text/plain' }
const badPolicy = { tagPattern: '(' }
const policy = { tagPattern: 'v1' }

/** Parameters of paths: names that nothing has, so that an admitted caller finds nothing to change. */
export const parameters: Record<string, string> = {
  tag: 'nosuch',
  manifestref: unknownDigest,
  labelid: '00000000-0000-4000-8000-000000000000',
  username: 'nosuch',
  teamname: 'nosuch',
  membername: 'nosuch',
  robot_shortname: 'nosuch',
  prototypeid: '00000000-0000-4000-8000-000000000000',
  policy_uuid: '00000000-0000-4000-8000-000000000000',
  code: 'nosuch',
  email: 'nosuch@example.com',
  error_type: 'not_found',
  client_id: 'NOSUCHNOSUCHNOSUCH00',
  token_uuid: '00000000-0000-4000-8000-000000000000',
  access_token_uuid: '00000000-0000-4000-8000-000000000000',
  assigned_authorization_uuid: '00000000-0000-4000-8000-000000000000',
  uuid: '00000000-0000-4000-8000-000000000000',
  build_uuid: '00000000-0000-4000-8000-000000000000',
  kid: 'nosuch',
  name: 'nosuch',
  namespace: 'nosuch',
  prefix: 'nosuch',
}

/** One row per operation of the Quay dialect. */
export const operations: Record<string, OperationRow> = {
  // Tags, manifests, labels.
  listRepoTags: { gate: 'repository:read', passes: existing(200) },
  changeTag: { gate: 'repository:write', passes: 404, body: digestBody },
  deleteFullTag: { gate: 'repository:write', passes: 404 },
  restoreTag: { gate: 'repository:write', passes: 404, body: digestBody },
  removeTagFromTimemachine: { gate: 'repository:write', passes: 404, body: digestBody },
  getTagPullStatistics: { gate: 'repository:read', passes: 404 },
  getRepoManifest: { gate: 'repository:read', passes: 404 },
  listManifestLabels: { gate: 'repository:read', passes: 404 },
  addManifestLabel: { gate: 'repository:write', passes: 404, body: label },
  getManifestLabel: { gate: 'repository:read', passes: 404 },
  deleteManifestLabel: { gate: 'repository:write', passes: 404 },
  getManifestPullStatistics: { gate: 'repository:read', passes: 404 },
  getRepoManifestSecurity: { gate: 'repository:read', passes: 404 },
  getRepoSignatures: { gate: 'repository:read', passes: 404 },

  // Repositories.
  createRepo: {
    gate: 'namespace:create',
    passes: 400,
    body: ({ namespace }: Target) => ({
      namespace: namespace === 'user' ? 'alice' : 'acme',
      repository: 'UPPER',
      visibility: 'private',
      description: '',
    }),
    refusals: { unauthenticated: 400 },
  },
  listRepos: { gate: 'open', passes: 200, query: 'namespace=acme' },
  getRepo: { gate: 'repository:read', passes: existing(200) },
  updateRepo: { gate: 'repository:write', passes: existing(200), body: { description: 'the same' } },
  deleteRepository: { gate: 'repository:admin', passes: 204, mutates: true },
  changeRepoVisibility: {
    gate: 'repository:admin',
    passes: existing(200),
    body: ({ repository }: Target) => ({ visibility: repository === 'public' ? 'public' : 'private' }),
  },
  changeRepoTrust: { gate: 'repository:admin', passes: existing(200), body: { trust_enabled: false } },
  changeRepoState: { gate: 'repository:admin', passes: existing(200), body: { state: 'NORMAL' } },

  // Permissions of a repository.
  listRepoUserPermissions: { gate: 'repository:admin+look', passes: 200 },
  listRepoTeamPermissions: { gate: 'repository:admin+look', passes: 200 },
  getUserTransitivePermission: { gate: 'repository:admin+look', passes: 404 },
  getUserPermissions: { gate: 'repository:admin+look', passes: existing(400, [400, 404]) },
  changeUserPermissions: { gate: 'repository:admin', passes: existing(400, [400, 404]), body: { role: 'read' } },
  deleteUserPermissions: { gate: 'repository:admin', passes: existing(400, [400, 404]) },
  getTeamPermissions: { gate: 'repository:admin+look', passes: existing(400, [400, 404]) },
  changeTeamPermissions: { gate: 'repository:admin', passes: existing(400, [400, 404]), body: { role: 'read' } },
  deleteTeamPermissions: { gate: 'repository:admin', passes: existing(400, [400, 404]) },
  getOrganizationPrototypePermissions: { gate: 'namespace:admin+look', passes: 200, onUserNamespace: 404 },
  createOrganizationPrototypePermission: {
    gate: 'namespace:admin',
    passes: 400,
    onUserNamespace: 404,
    body: { role: 'read', delegate: { name: 'nosuch', kind: 'user' } },
  },
  updateOrganizationPrototypePermission: { gate: 'namespace:admin', passes: 404, body: { role: 'read' } },
  deleteOrganizationPrototypePermission: { gate: 'namespace:admin', passes: 404 },

  // Repository tokens, authorized e-mails, immutability.
  listRepoTokens: { gate: 'repository:admin+look', passes: 410 },
  createToken: { gate: 'repository:admin', passes: 410, body: { friendlyName: 'x' } },
  getTokens: { gate: 'repository:admin+look', passes: 410 },
  changeToken: { gate: 'repository:admin', passes: 410, body: { role: 'read' } },
  deleteToken: { gate: 'repository:admin', passes: 410 },
  checkRepoEmailAuthorized: { gate: 'repository:admin+look', passes: 404 },
  sendAuthorizeRepoEmail: { gate: 'repository:admin', passes: existing([200, 400], 400), mutates: true },
  listOrgImmutabilityPolicies: { gate: 'namespace:admin+look', passes: 200, onUserNamespace: [200, 400, 404] },
  createOrgImmutabilityPolicy: { gate: 'namespace:admin', passes: 400, onUserNamespace: [400, 404], body: badPolicy },
  getOrgImmutabilityPolicy: { gate: 'namespace:admin+look', passes: 404 },
  updateOrgImmutabilityPolicy: { gate: 'namespace:admin', passes: 404, body: policy },
  deleteOrgImmutabilityPolicy: { gate: 'namespace:admin', passes: 404 },
  listRepositoryImmutabilityPolicies: { gate: 'repository:admin+look', passes: existing(200) },
  createRepositoryImmutabilityPolicy: { gate: 'repository:admin', passes: existing(400), body: badPolicy },
  getRepositoryImmutabilityPolicy: { gate: 'repository:admin+look', passes: 404 },
  updateRepositoryImmutabilityPolicy: { gate: 'repository:admin', passes: 404, body: policy },
  deleteRepositoryImmutabilityPolicy: { gate: 'repository:admin', passes: 404 },

  // What is the same for everybody.
  getErrorDescription: { gate: 'open', passes: 200 },
  discovery: { gate: 'open', passes: 200 },
  getRegistryCapabilities: { gate: 'open', passes: 200 },

  // Organizations, teams and their members.
  createOrganization: { gate: 'account:admin', passes: 400, body: { name: 'fresh', email: 'not an address' } },
  getOrganization: { gate: 'open', passes: 200, onUserNamespace: 404 },
  changeOrganizationDetails: { gate: 'namespace:admin', passes: 200, onUserNamespace: 404, body: {} },
  deleteAdminedOrganization: { gate: 'namespace:admin', passes: 204, onUserNamespace: 404, mutates: true },
  getOrganizationMembers: { gate: 'namespace:admin+look', passes: 200, onUserNamespace: 404 },
  getOrganizationMember: { gate: 'namespace:admin+look', passes: 404 },
  removeOrganizationMember: { gate: 'namespace:admin', passes: 404 },
  getOrganizationCollaborators: { gate: 'namespace:admin+look', passes: 200, onUserNamespace: 404 },
  updateOrganizationTeam: {
    gate: 'namespace:admin',
    passes: 400,
    onUserNamespace: [400, 404],
    parameters: { teamname: 'A' },
    body: { role: 'member' },
  },
  deleteOrganizationTeam: { gate: 'namespace:admin', passes: 400, onUserNamespace: [400, 404] },
  getOrganizationTeamMembers: { gate: 'namespace:admin+look', passes: 404 },
  updateOrganizationTeamMember: { gate: 'namespace:admin', passes: 404 },
  deleteOrganizationTeamMember: { gate: 'namespace:admin', passes: 404 },
  inviteTeamMemberEmail: { gate: 'namespace:admin', passes: 404 },
  deleteTeamMemberEmailInvite: { gate: 'namespace:admin', passes: 404 },
  getOrganizationTeamPermissions: { gate: 'namespace:admin+look', passes: 404 },
  acceptOrganizationTeamInvite: { gate: 'account:admin', passes: 400 },
  declineOrganizationTeamInvite: { gate: 'account:admin', passes: 400 },

  // Robots.
  getUserRobots: { gate: 'account:admin', passes: 200 },
  getUserRobot: { gate: 'account:admin', passes: 400 },
  createUserRobot: { gate: 'account:admin', passes: 400, parameters: { robot_shortname: 'A' }, body: {} },
  deleteUserRobot: { gate: 'account:admin', passes: 400 },
  getUserRobotPermissions: { gate: 'account:admin', passes: 400 },
  regenerateUserRobotToken: { gate: 'account:admin', passes: 400 },
  getUserRobotFederation: { gate: 'account:admin', passes: 400 },
  createUserRobotFederation: { gate: 'account:admin', passes: 400, body: [] },
  deleteUserRobotFederation: { gate: 'account:admin', passes: 400 },
  getOrgRobots: { gate: 'namespace:member+look', passes: 200 },
  getOrgRobot: { gate: 'namespace:admin+look', passes: 400 },
  createOrgRobot: { gate: 'namespace:admin', passes: 400, parameters: { robot_shortname: 'A' }, body: {} },
  deleteOrgRobot: { gate: 'namespace:admin', passes: 400 },
  getOrgRobotPermissions: { gate: 'robot:permissions', passes: 400 },
  regenerateOrgRobotToken: { gate: 'namespace:admin', passes: 400 },
  getOrgRobotFederation: { gate: 'namespace:admin+look', passes: 400 },
  createOrgRobotFederation: { gate: 'namespace:admin', passes: 400, body: [] },
  deleteOrgRobotFederation: { gate: 'namespace:admin', passes: 400 },

  // Applications and their tokens.
  getApplicationInformation: { gate: 'open', passes: 404 },
  getOrganizationApplications: { gate: 'namespace:admin+look', passes: 200, onUserNamespace: 404 },
  createOrganizationApplication: {
    gate: 'namespace:admin',
    passes: 400,
    onUserNamespace: 404,
    body: { name: '__quay_bootstrap_app' },
  },
  getOrganizationApplication: { gate: 'namespace:admin+look', passes: 404 },
  updateOrganizationApplication: {
    gate: 'namespace:admin',
    passes: 404,
    body: { name: 'a', redirect_uri: '', application_uri: '' },
  },
  deleteOrganizationApplication: { gate: 'namespace:admin', passes: 404 },
  resetOrganizationApplicationClientSecret: { gate: 'namespace:admin', passes: 404 },
  listOrganizationApplicationTokens: { gate: 'namespace:admin+look', passes: 404 },
  createOrganizationApplicationToken: { gate: 'namespace:admin', passes: 404, body: { name: 'a', scope: 'repo:read' } },
  deleteOrganizationApplicationToken: { gate: 'namespace:admin', passes: 404 },

  // The caller's own account, sessions, other users.
  getLoggedInUser: { gate: 'account:read', passes: 200, refusals: { denied: 401 } },
  getUserInformation: { gate: 'open', passes: 404 },
  initializeUser: {
    gate: 'open',
    passes: 400,
    body: { username: 'late', password: 'long-enough-1' },
    refusals: { forged: 400 },
  },
  changeUserDetails: { gate: 'account:admin', passes: 200, body: {} },
  createNewUser: {
    gate: 'open',
    passes: 400,
    body: { username: 'A', password: 'long-enough-1', email: 'a@example.com' },
  },
  deleteCurrentUser: { gate: 'account:admin', passes: [204, 400], mutates: true },
  convertUserToOrganization: {
    gate: 'account:admin',
    passes: 400,
    body: { adminUser: 'nosuch', adminPassword: 'wrong-password' },
  },
  // A wrong password makes the next one wait: 429.
  generateUserClientKey: { gate: 'account:admin', passes: [400, 429], body: { password: 'wrong-password' } },
  requestRecoveryEmail: { gate: 'open', passes: 200, body: { email: 'nobody@example.com' } },
  signinUser: { gate: 'open', passes: 403, body: { username: 'nosuch', password: 'wrong-password' } },
  verifyUser: { gate: 'account:admin', passes: [403, 429], body: { password: 'wrong-password' } },
  logout: { gate: 'open', passes: 200, mutates: true },
  listUserNotifications: { gate: 'account:admin', passes: 200 },
  getUserNotification: { gate: 'account:admin', passes: 404 },
  updateUserNotification: { gate: 'account:admin', passes: 404, body: {} },
  listUserAuthorizations: { gate: 'account:admin', passes: 200 },
  getUserAuthorization: { gate: 'account:admin', passes: 404 },
  deleteUserAuthorization: { gate: 'account:admin', passes: 404 },
  listAssignedAuthorizations: { gate: 'account:admin', passes: 200 },
  deleteAssignedAuthorization: { gate: 'account:admin', passes: 404 },
  listStarredRepos: { gate: 'account:admin', passes: 200 },
  createStar: { gate: 'account:admin', passes: 200, body: { namespace: 'acme', repository: 'gone' } },
  deleteStar: { gate: 'account:admin', passes: 200, parameters: { repository: 'acme/gone' } },
  listAppTokens: { gate: 'account:admin', passes: 200 },
  createAppToken: { gate: 'account:admin', passes: 400, body: {} },
  getAppToken: { gate: 'account:admin', passes: 404 },
  revokeAppToken: { gate: 'account:admin', passes: 404 },

  // Superusers.
  listAllUsers: { gate: 'superuser+look', passes: 200 },
  createInstallUser: { gate: 'superuser', passes: 400, body: { username: 'A', email: 'a@example.com' } },
  getInstallUser: { gate: 'superuser+look', passes: 404 },
  changeInstallUser: { gate: 'superuser', passes: 404, body: {} },
  deleteInstallUser: { gate: 'superuser', passes: 404 },
  listAllOrganizations: { gate: 'superuser+look', passes: 200 },
  changeOrganization: { gate: 'superuser', passes: 404, body: {} },
  deleteOrganization: { gate: 'superuser', passes: 404 },
  sendInstallUserRecoveryEmail: { gate: 'superuser', passes: 404 },
  takeOwnership: { gate: 'superuser', passes: 404 },
  listAllLogs: { gate: 'superuser+look', passes: 200 },
  listAllAggregateLogs: { gate: 'superuser+look', passes: 200 },
  getConfig: { gate: 'superuser+look', passes: 403 },
  getChangeLog: { gate: 'superuser+look', passes: 200 },
  getRegistrySize: { gate: 'superuser+look', passes: 200 },
  queueRegistrySizeCalculation: { gate: 'superuser', passes: [201, 202], mutates: true },
  listAllAppTokens: { gate: 'superuser:full+look', passes: 200 },
  listServiceKeys: { gate: 'superuser+look', passes: 200 },
  createServiceKey: { gate: 'superuser', passes: 400, body: { service: 'Not a name', expiration: null } },
  getServiceKey: { gate: 'superuser+look', passes: 404 },
  updateServiceKey: { gate: 'superuser', passes: 404, body: {} },
  deleteServiceKey: { gate: 'superuser', passes: 404 },
  approveServiceKey: { gate: 'superuser', passes: 404, body: {} },
  getRepoBuildLogsSuperUser: { gate: 'superuser+look', passes: 400 },
  getRepoBuildLogsArchiveSuperUser: { gate: 'superuser+look', passes: 400 },
  getRepoBuildStatusSuperUser: { gate: 'superuser+look', passes: 400 },
  getRepoBuildSuperUser: { gate: 'superuser+look', passes: 404 },

  // The audit log.
  listRepoLogs: { gate: 'repository:admin+look', passes: existing(200) },
  getAggregateRepoLogs: { gate: 'repository:admin+look', passes: existing(200) },
  listOrgLogs: { gate: 'namespace:admin+look', passes: 200, onUserNamespace: [200, 404] },
  getAggregateOrgLogs: { gate: 'namespace:admin+look', passes: 200, onUserNamespace: [200, 404] },
  listUserLogs: { gate: 'account:admin', passes: 200 },
  getAggregateUserLogs: { gate: 'account:admin', passes: 200 },

  // Messages to everybody.
  getGlobalMessages: { gate: 'open', passes: 200 },
  createGlobalMessage: { gate: 'superuser', passes: 400, body: {} },
  deleteGlobalMessage: { gate: 'superuser', passes: 204 },

  // Search.
  getMatchingEntities: { gate: 'open', passes: 200 },
  linkExternalUser: { gate: 'open', passes: 404 },
}
