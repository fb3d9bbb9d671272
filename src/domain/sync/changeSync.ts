import { eq, sql } from 'drizzle-orm'
import type { Remote, SyncRow } from '../../store/imageSyncs.ts'
import type { Namespace, Repository } from '../../store/rights.ts'
import { imageSync, syncJob } from '../../store/schema.ts'
import { commit, guard, type Store } from '../../store/store.ts'
import type { Actor } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'

export interface SyncTarget extends Origin {
  actor: Actor
  namespace: Namespace
  repository: Repository
}

/** Keeps where a repository is to be copied; the same place again changes how. */
export async function saveSync(
  store: Store,
  target: SyncTarget,
  { region, namespace, isAutomatic, overrides }: Remote & { isAutomatic: boolean; overrides: boolean },
): Promise<void> {
  const { repository, now } = target
  const place = { repositoryId: repository.id, remoteRegion: region, remoteNamespace: namespace }
  const terms = { isAutomatic, overrides, updatedAt: now }
  await commit(store, [
    store
      .insert(imageSync)
      .values({ ...place, ...terms, createdAt: now })
      .onConflictDoUpdate({
        target: [imageSync.repositoryId, imageSync.remoteRegion, imageSync.remoteNamespace],
        set: terms,
      }),
    told(store, target, 'create_repo_sync', { region, namespace }),
  ])
}

export async function deleteSync(store: Store, target: SyncTarget, { id, remoteRegion, remoteNamespace }: SyncRow) {
  await commit(store, [
    guard(store, sql`exists (select 1 from image_sync where id = ${id})`),
    store.delete(imageSync).where(eq(imageSync.id, id)),
    told(store, target, 'delete_repo_sync', { region: remoteRegion, namespace: remoteNamespace }),
  ])
}

/** Queues the copy of tags to another place: one job each, which wait for the one who carries them out. */
export async function queueSync(
  store: Store,
  target: SyncTarget,
  { region, namespace, tags, overrides }: Remote & { tags: readonly string[]; overrides: boolean },
): Promise<void> {
  const { repository, actor, now } = target
  const common = { repositoryId: repository.id, remoteRegion: region, remoteNamespace: namespace, overrides }
  const state = { status: 'waiting' as const, operatorId: actor.account.id, createdAt: now, updatedAt: now }
  await commit(store, [
    ...tags.map((tag) => store.insert(syncJob).values({ ...common, ...state, tag })),
    told(store, target, 'sync_repo_tags', { region, namespace, tags }),
  ])
}

const told = (
  store: Store,
  { namespace, repository, ...origin }: SyncTarget,
  kind: string,
  { namespace: remoteNamespace, ...more }: { namespace: string; [fact: string]: unknown },
) =>
  recordEvent(store, origin, {
    kind,
    namespaceId: namespace.id,
    repositoryId: repository.id,
    metadata: {
      repo: repository.name,
      namespace: namespace.username,
      remote_namespace: remoteNamespace,
      ...more,
    },
  })
