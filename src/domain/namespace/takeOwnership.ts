import { RegistryError } from '../../errors.ts'
import type { Settings } from '../../settings.ts'
import type { Namespace } from '../../store/rights.ts'
import type { Store } from '../../store/store.ts'
import { type Actor, isSuperuserName } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { commitRights, raiseGenerationsIn } from '../grant/raiseGenerations.ts'
import { conversion, hasAdmins, joinAdmins } from './convertToOrganization.ts'

export interface Takeover extends Origin {
  actor: Actor
  namespace: Namespace
  settings: Settings
}

/**
 * A superuser becomes an admin of an organization; a user becomes an organization for it.
 * @returns the paths of the repositories that this concerns
 * @throws `invalid` for a superuser
 */
export async function takeOwnership(
  store: Store,
  { actor, namespace, settings, ...rest }: Takeover,
): Promise<string[]> {
  const wasUser = namespace.kind === 'user'
  if (wasUser && isSuperuserName(namespace.username, settings)) {
    throw new RegistryError('invalid', 'Cannot take ownership of a superuser')
  }
  const { username, id } = actor.account
  return commitRights(store, namespace.username, raiseGenerationsIn(store, namespace.id), [
    ...(wasUser
      ? conversion(store, namespace.id, id)
      : [hasAdmins(store, namespace.id), joinAdmins(store, namespace.id, id)]),
    recordEvent(
      store,
      { actor, ...rest },
      {
        kind: 'take_ownership',
        namespaceId: id,
        metadata: { entity_id: namespace.id, namespace: namespace.username, was_user: wasUser, superuser: username },
      },
    ),
  ])
}
