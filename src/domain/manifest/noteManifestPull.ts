import { eq, sql } from 'drizzle-orm'
import type { Settings } from '../../settings.ts'
import type { ServedManifest } from '../../store/manifests.ts'
import type { Namespace, Repository } from '../../store/rights.ts'
import { manifest, repository, tagPulls } from '../../store/schema.ts'
import type { Store } from '../../store/store.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { trackedMetadata } from '../event/trackedMetadata.ts'

export interface Pull extends Origin {
  namespace: Namespace
  repository: Repository
  userAgent: string
  manifest: ServedManifest
  tag: string | undefined
}

/** Counts a pull and logs it. Runs after the answer has left: nobody waits for it. */
export async function noteManifestPull(store: Store, pull: Pull, settings: Settings): Promise<void> {
  const {
    namespace,
    repository: { id: repositoryId },
    manifest: { id, digest, mediaType },
    tag,
    now,
  } = pull
  const subject = tag === undefined ? { manifest_digest: digest } : { tag }
  const statistics = settings.FEATURE_IMAGE_PULL_STATS && tag !== undefined
  await store.batch([
    store.update(repository).set({ pullCount: sql`pull_count + 1` }).where(eq(repository.id, repositoryId)),
    store.update(manifest).set({ pullCount: sql`pull_count + 1`, lastPulledAt: now }).where(eq(manifest.id, id)),
    ...(statistics
      ? [
          store
            .insert(tagPulls)
            .values({ repositoryId, name: tag, digest, count: 1, lastPulledAt: now })
            .onConflictDoUpdate({
              target: [tagPulls.repositoryId, tagPulls.name],
              set: { digest, count: sql`count + 1`, lastPulledAt: now },
            }),
        ]
      : []),
    recordEvent(store, pull, {
      kind: 'pull_repo',
      namespaceId: namespace.id,
      repositoryId,
      metadata: { ...trackedMetadata(pull), ...subject, mediaType },
    }),
  ])
}
