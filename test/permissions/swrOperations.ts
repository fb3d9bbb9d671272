import type { Target } from './cast.ts'
import type { SwrGate } from './swrExpectation.ts'

export interface SwrOperationRow {
  gate: SwrGate
  /** What an admitted caller is answered: a status, or the seven digits of an error. The request changes nothing where it can. */
  passes: number
  /** As `passes`, where the namespace is a user's. */
  onUserNamespace?: number
  query?: string
  body?: unknown | ((target: Target) => unknown)
  /** The owner has done the same before: whoever may is told that it is there already. */
  isDone?: boolean
  /** Changes something when it passes: the registry is made anew afterwards. */
  mutates?: boolean
}

/** Parameters of paths: names that nothing has, so that an admitted caller finds nothing to change. */
export const swrParameters: Record<string, string> = {
  tag: 'nosuch',
  retention_id: '999',
  trigger: 'nosuch',
  access_domain: 'nosuch',
  project_id: 'any',
  resource_type: 'store',
  frequency: 'daily',
  user_id: 'nosuch',
}

const looksAround = { on: 'account', scope: 'repo:read' } as const
const createsNamespaces = { on: 'account', scope: 'org:admin', isForUsers: true } as const
const readsNamespace = { on: 'namespace', level: 1, scope: 'repo:read' } as const
const grantsNamespace = { on: 'namespace', level: 7, scope: 'org:admin' } as const
const reads = { on: 'repository', level: 1, scope: 'repo:read' } as const
const edits = { on: 'repository', level: 3, scope: 'repo:write' } as const
const manages = { on: 'repository', level: 7, scope: 'repo:admin' } as const
const grants = { on: 'repository', level: 7, scope: 'repo:admin', orNamespace: 3 } as const

const nosuch = { user_id: 'nosuch', user_name: 'nosuch', auth: 1 }
const terms = { permit: 'read', deadline: 'forever' }
const policy = { algorithm: 'or', rules: [{ template: 'tag_rule', params: { num: '10' }, tag_selectors: [] }] }
const remote = { remoteRegionId: 'quayside-1', remoteNamespace: 'acme' }
const trigger = {
  name: 'deploy',
  trigger_type: 'all',
  condition: '.*',
  action: 'update',
  app_type: 'deployments',
  application: 'app',
  cluster_ns: 'default',
  enable: 'true',
}
const isPublic = ({ repository }: Target) => repository === 'public'

/** One row per operation of SWR, of IAM and of the older paths; several where what the body asks for makes a difference. */
export const swrOperations: Record<string, SwrOperationRow | readonly SwrOperationRow[]> = {
  // Namespaces.
  listNamespaces: { gate: looksAround, passes: 200 },
  createNamespace: { gate: createsNamespaces, passes: 4090060, body: { namespace: 'acme' } },
  showNamespace: { gate: readsNamespace, passes: 200 },
  deleteNamespaces: { gate: grantsNamespace, passes: 4060074, onUserNamespace: 4030170 },

  // Repositories.
  listReposDetails: { gate: looksAround, passes: 200 },
  createSwrRepo: {
    gate: { on: 'namespace', level: 3, scope: 'repo:create' },
    passes: 4090006,
    body: { repository: 'app', is_public: false },
  },
  showRepository: { gate: reads, passes: 200 },
  updateSwrRepo: [
    { gate: edits, passes: 201, body: (target: Target) => ({ is_public: isPublic(target) }) },
    { gate: manages, passes: 201, body: (target: Target) => ({ is_public: !isPublic(target) }), mutates: true },
  ],
  deleteRepo: { gate: manages, passes: 204, mutates: true },
  listSharedReposDetails: { gate: looksAround, passes: 200, query: 'center=self' },

  // Tags.
  listRepositoryTags: { gate: reads, passes: 200, query: 'filter=offset::0|limit::10' },
  showRepoTag: { gate: reads, passes: 4040115 },
  createRepoTag: { gate: edits, passes: 4040115, body: { source_tag: 'nosuch', destination_tag: 'b' } },
  deleteRepoTag: { gate: { ...edits, level: 7 }, passes: 4040115 },

  // Who may do what. A user's own namespace is shared with nobody.
  showNamespaceAuth: { gate: { ...readsNamespace, scope: 'org:admin' }, passes: 200 },
  createNamespaceAuth: { gate: grantsNamespace, passes: 4001067, onUserNamespace: 4000014, body: [nosuch] },
  updateNamespaceAuth: { gate: grantsNamespace, passes: 4001067, onUserNamespace: 4000014, body: [nosuch] },
  deleteNamespaceAuth: { gate: grantsNamespace, passes: 4001067, onUserNamespace: 4000014, body: ['nosuch'] },
  showUserRepositoryAuth: { gate: { ...reads, scope: 'repo:admin' }, passes: 200 },
  createUserRepositoryAuth: { gate: grants, passes: 4001067, body: [nosuch] },
  updateUserRepositoryAuth: { gate: grants, passes: 4001067, body: [nosuch] },
  deleteUserRepositoryAuth: { gate: grants, passes: 4001067, body: ['nosuch'] },

  // Sharing with other accounts.
  listRepoDomains: { gate: reads, passes: 200 },
  showAccessDomain: { gate: reads, passes: 200 },
  createRepoDomains: { gate: manages, passes: 4090006, body: { access_domain: 'friend', ...terms }, isDone: true },
  updateRepoDomains: { gate: manages, passes: 4040091, body: terms },
  deleteRepoDomains: { gate: manages, passes: 4040091 },

  // Logins for docker: what an OAuth token gets is the OAuth token's own.
  createSecret: { gate: { on: 'account', scope: 'none will do' }, passes: 200 },
  createAuthorizationToken: { gate: { on: 'account', scope: 'none will do' }, passes: 200 },

  // Retention.
  listRetentions: { gate: reads, passes: 200 },
  listRetentionHistories: { gate: reads, passes: 200 },
  showRetention: { gate: reads, passes: 4000306 },
  createRetention: { gate: manages, passes: 4000014, body: policy, isDone: true },
  updateRetention: { gate: manages, passes: 4000306, body: policy },
  deleteRetention: { gate: manages, passes: 4000306 },

  // Triggers.
  listTriggersDetails: { gate: reads, passes: 200 },
  showTrigger: { gate: reads, passes: 4040083 },
  createTrigger: { gate: edits, passes: 4000014, body: trigger, isDone: true },
  updateTrigger: { gate: edits, passes: 4040083, body: { enable: 'false' } },
  deleteTrigger: { gate: edits, passes: 4040083 },

  // Copies to other places.
  listImageAutoSyncReposDetails: { gate: reads, passes: 200 },
  createImageSyncRepo: { gate: edits, passes: 200, body: remote, isDone: true },
  deleteImageSyncRepo: { gate: edits, passes: 4001158, body: { ...remote, remoteNamespace: 'nosuch' } },
  createManualImageSyncRepo: { gate: edits, passes: 4040115, body: { ...remote, imageTag: ['nosuch'] } },
  showSyncJob: { gate: reads, passes: 200, query: 'filter=limit::10|offset::0' },

  // The account.
  listQuotas: { gate: looksAround, passes: 200 },
  showShareFeatureGates: { gate: looksAround, passes: 200 },
  showDomainOverview: { gate: looksAround, passes: 200 },
  showDomainResourceReports: { gate: looksAround, passes: 200 },
  listRegions: { gate: looksAround, passes: 200 },
  showAgency: { gate: looksAround, passes: 200 },
  createAgency: { gate: { on: 'account', scope: 'org:admin' }, passes: 201 },

  // IAM. Signing in is refused for its body, not for who asks.
  createIamToken: { gate: { on: 'nothing' }, passes: 400, body: {} },
  listIamProjects: { gate: looksAround, passes: 200, query: 'name=quayside-1' },
  listIamDomains: { gate: looksAround, passes: 200 },
  showIamUser: { gate: looksAround, passes: 404 },

  // The older paths.
  listVisibleNamespacesOfDockyard: { gate: looksAround, passes: 200 },
  listNamespacesOfDockyard: { gate: looksAround, passes: 200 },
  createNamespaceOfDockyard: { gate: createsNamespaces, passes: 4090060, body: { namespace: 'acme' } },
  showNamespaceOfDockyard: { gate: readsNamespace, passes: 200 },
  listReposDetailsOfDockyard: { gate: looksAround, passes: 200 },
}
