import type { Settings } from '../../settings.ts'
import type { ServedManifest } from '../../store/manifests.ts'
import { countManifestPull, countRepositoryPull, countTagPull } from '../../store/pulls.ts'
import type { Namespace, Repository } from '../../store/rights.ts'
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
    countRepositoryPull(store, repositoryId),
    countManifestPull(store, id, now),
    ...(statistics ? [countTagPull(store, repositoryId, tag, digest, now)] : []),
    recordEvent(store, pull, {
      kind: 'pull_repo',
      namespaceId: namespace.id,
      repositoryId,
      metadata: { ...trackedMetadata(pull), ...subject, mediaType },
    }),
  ])
}
