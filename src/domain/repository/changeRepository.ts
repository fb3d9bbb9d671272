import { eq, sql } from 'drizzle-orm'
import type { Namespace, Repository } from '../../store/rights.ts'
import { repository as repositories } from '../../store/schema.ts'
import { commit, type Store } from '../../store/store.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'

export interface RepositoryChange extends Origin {
  namespace: Namespace
  repository: Repository
}

/** Undefined stays as it is. */
export interface RepositoryEdit {
  description?: string | undefined
  isPublic?: boolean | undefined
  category?: string | undefined
}

/** Changes what differs, at once, with a line of the log for each change that Quay has a word for. */
export async function editRepository(store: Store, target: RepositoryChange, edit: RepositoryEdit): Promise<void> {
  const { namespace, repository, now } = target
  const { description = repository.description, isPublic = repository.isPublic } = edit
  const { category: swrCategory = repository.swrCategory } = edit
  const told = [
    ...(description === repository.description ? [] : [{ kind: 'set_repo_description', metadata: { description } }]),
    ...(isPublic === repository.isPublic
      ? []
      : [{ kind: 'change_repo_visibility', metadata: { visibility: isPublic ? 'public' : 'private' } }]),
    ...(swrCategory === repository.swrCategory
      ? []
      : [{ kind: 'set_repo_category', metadata: { category: swrCategory } }]),
  ]
  if (told.length === 0) return
  await commit(store, [
    store
      .update(repositories)
      .set({ description, isPublic, swrCategory, updatedAt: now, generation: sql`generation + 1` })
      .where(eq(repositories.id, repository.id)),
    ...told.map(({ kind, metadata }) =>
      recordEvent(store, target, {
        kind,
        namespaceId: namespace.id,
        repositoryId: repository.id,
        metadata: { repo: repository.name, namespace: namespace.username, ...metadata },
      }),
    ),
  ])
}

type Changed = Partial<typeof repositories.$inferInsert>

async function change(
  store: Store,
  target: RepositoryChange,
  changes: Changed,
  kind: string,
  told: Record<string, unknown>,
) {
  const { namespace, repository, now } = target
  await commit(store, [
    store
      .update(repositories)
      .set({ ...changes, updatedAt: now, generation: sql`generation + 1` })
      .where(eq(repositories.id, repository.id)),
    recordEvent(store, target, {
      kind,
      namespaceId: namespace.id,
      repositoryId: repository.id,
      metadata: { repo: repository.name, namespace: namespace.username, ...told },
    }),
  ])
}

/** Gives a repository another description. */
export const describeRepository = (store: Store, target: RepositoryChange, description: string) =>
  change(store, target, { description }, 'set_repo_description', { description })

/** Makes a repository public or private. */
export const showRepository = (store: Store, target: RepositoryChange, isPublic: boolean) =>
  change(store, target, { isPublic }, 'change_repo_visibility', { visibility: isPublic ? 'public' : 'private' })

/** Says whether a repository takes changes: from everybody who may (NORMAL), from nobody, or from its mirror alone. */
export const changeRepositoryState = (
  store: Store,
  target: RepositoryChange,
  state: 'NORMAL' | 'READ_ONLY' | 'MIRROR',
) => change(store, target, { state }, 'change_repo_state', { state_changed: state })

/** Switches trust on or off. */
export const trustRepository = (store: Store, target: RepositoryChange, trustEnabled: boolean) =>
  change(store, target, { trustEnabled }, 'change_repo_trust', { trust_enabled: trustEnabled })
