import { and, eq, isNull, sql } from 'drizzle-orm'
import { repository as repositories, star } from '../../store/schema.ts'
import { commit, type Store } from '../../store/store.ts'
import { recordEvent } from '../event/recordEvent.ts'
import type { RepositoryChange } from './changeRepository.ts'

/**
 * Takes a repository away at once for everybody; its name is free again. A job purges its tags and manifests later.
 */
export async function deleteRepository(store: Store, target: RepositoryChange): Promise<void> {
  const { namespace, repository, now } = target
  await commit(store, [
    store
      .update(repositories)
      .set({ deletedAt: now, name: crypto.randomUUID(), state: 'MARKED_FOR_DELETION', generation: sql`generation + 1` })
      .where(and(eq(repositories.id, repository.id), isNull(repositories.deletedAt))),
    store.delete(star).where(eq(star.repositoryId, repository.id)),
    recordEvent(store, target, {
      kind: 'delete_repo',
      namespaceId: namespace.id,
      metadata: { repo: repository.name, namespace: namespace.username },
    }),
  ])
}
