import { sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import {
  administeredAlone,
  administersNoneAlone,
  dropAgents,
  dropRepositories,
  dropStars,
  markDeleted,
} from '../../store/deletion.ts'
import type { Namespace } from '../../store/rights.ts'
import { commit, guard, type Store } from '../../store/store.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'

export interface NamespaceDeletion extends Origin {
  namespace: Namespace
  /** Also a user without whom an organization has no admin. */
  forced?: boolean
  /** A repository that turns up meanwhile undoes the deletion: `conflict`. */
  mustBeEmpty?: boolean
}

/**
 * Takes a user or an organization away: at once for everybody, with its teams, robots, applications and repositories.
 * Its name can't be given to anybody until a job has collected what it owned.
 * @returns the paths of the repositories that went with it
 * @throws `rule` for the only admin of an organization, unless `forced`
 */
export async function deleteNamespace(
  store: Store,
  { namespace, forced = false, mustBeEmpty = false, ...origin }: NamespaceDeletion,
): Promise<string[]> {
  if (namespace.deletedName !== null) return []
  const { id, username, kind } = namespace
  const mayLeave = kind === 'organization' || forced
  if (!mayLeave) {
    const [alone] = await store.batch([administeredAlone(store, id)])
    if (alone.length > 0) {
      const names = alone.map((organization) => organization.username).join(', ')
      throw new RegistryError('rule', `Cannot delete ${username} as you are the only admin for organizations: ${names}`)
    }
  }
  const isEmpty = sql`not exists (select 1 from repository where namespace_id = ${id} and deleted_at is null)`
  const [, gone] = await commit(store, [
    guard(store, mustBeEmpty ? isEmpty : sql`true`),
    dropRepositories(store, id, origin.now),
    ...(mayLeave ? [] : [guard(store, administersNoneAlone(id))]),
    dropStars(store, id),
    ...dropAgents(store, id),
    markDeleted(store, id),
    recordEvent(
      store,
      origin,
      kind === 'organization'
        ? { kind: 'org_delete', namespaceId: id, metadata: { namespace: username } }
        : { kind: 'user_delete', namespaceId: id, metadata: { username } },
    ),
  ])
  return gone.map(({ name }) => `${username}/${name}`)
}
