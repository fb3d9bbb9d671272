import { RegistryError } from '../../errors.ts'
import type { Settings } from '../../settings.ts'
import { accountIdNamed } from '../../store/namespaces.ts'
import { type Rights, rightsOf, rightsRow } from '../../store/rights.ts'
import type { Store } from '../../store/store.ts'
import type { Origin } from '../event/recordEvent.ts'
import { type Authority, mayRead, weighRights } from '../grant/authorize.ts'
import { createOrganization } from '../namespace/createOrganization.ts'
import { namespaceNameProblem } from '../reference.ts'
import { createRepository } from '../repository/createRepository.ts'
import { mayCreateRepository } from '../repository/mayCreateRepository.ts'
import type { RegistryScope } from './registryScope.ts'
import { type RegistryAction, type RegistryGrant, registryActions } from './registryToken.ts'
import { repositoryRank } from './scope.ts'

interface Asker extends Origin {
  settings: Settings
}

/**
 * What of the wanted scopes the actor gets: a subset, never an error for want of a right. A push to a repository that
 * does not exist creates it, where the actor may. @throws `read_only` for a namespace that is disabled
 */
export async function grantRegistryAccess(
  store: Store,
  asker: Asker,
  scopes: readonly RegistryScope[],
  found: readonly (Rights | undefined)[],
): Promise<RegistryGrant[]> {
  if (found.some((rights) => rights && !rights.namespace.enabled)) {
    throw new RegistryError('read_only', 'the namespace is disabled')
  }
  const grants: RegistryGrant[] = []
  for (const [i, scope] of scopes.entries()) {
    const rights = scope.actions.has('push') ? await createWhereMissing(store, asker, scope, found[i]) : found[i]
    const authority = weighRights(asker.actor, rights, asker.settings)
    const allowed = allowedActions(asker, rights, authority)
    grants.push({
      type: 'repository',
      name: scope.name,
      actions: registryActions.filter((action) => scope.actions.has(action) && allowed.has(action)),
      ...(rights?.repository && { id: rights.repository.id }),
    })
  }
  return grants
}

function allowedActions({ actor }: Asker, rights: Rights | undefined, authority: Authority): Set<RegistryAction> {
  const allowed = new Set<RegistryAction>()
  if (rights && mayRead(authority)) allowed.add('pull')
  if (!actor || rights?.repository?.state !== 'NORMAL') return allowed
  if (authority.repositoryRank >= repositoryRank('write')) allowed.add('push')
  if (authority.repositoryRank >= repositoryRank('admin')) allowed.add('*')
  return allowed
}

/** The rights as they are once the repository of a push exists; those that were found where it may not be created. */
export async function createWhereMissing(
  store: Store,
  asker: Asker,
  { path }: Pick<RegistryScope, 'path'>,
  found: Rights | undefined,
): Promise<Rights | undefined> {
  const { actor, settings } = asker
  if (!actor || found?.repository || settings.REGISTRY_STATE === 'readonly') return found
  const namespace = found?.namespace ?? (await createNamespace(store, asker, path.namespace))
  if (!namespace) return found
  const rights = found ?? (await readRights())
  if (!rights || !mayCreateRepository(actor, weighRights(actor, rights, settings), settings)) return rights
  try {
    await createRepository(store, {
      ...asker,
      actor,
      namespace: rights.namespace,
      name: path.name,
      isPublic: !settings.CREATE_PRIVATE_REPO_ON_PUSH,
      description: null,
      silent: true,
    })
  } catch (error) {
    // Two pushes to one new name: the other one has created it.
    if (!(error instanceof RegistryError && error.code === 'conflict')) throw error
  }
  return readRights()

  async function readRights() {
    const [[row]] = await store.batch([rightsRow(store, accountIdNamed(actor?.account.username ?? ''), path)])
    return rightsOf(row)
  }
}

async function createNamespace(store: Store, asker: Asker, name: string): Promise<boolean> {
  const { actor, settings } = asker
  if (!settings.CREATE_NAMESPACE_ON_PUSH || actor?.account.kind !== 'user') return false
  if (namespaceNameProblem(name)) throw new RegistryError('unsupported', `Invalid namespace name: ${name}`)
  await createOrganization(store, { ...asker, actor, name, email: undefined })
  return true
}
