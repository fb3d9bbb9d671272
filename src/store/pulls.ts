import { and, eq } from 'drizzle-orm'
import { prefixed } from './columns.ts'
import { manifest, tag, tagPulls } from './schema.ts'
import type { Store } from './store.ts'
import { isLive, type RepositoryId } from './tags.ts'

/** A live tag, with how often it and what it means were pulled. */
export const pulledTag = (store: Store, repositoryId: RepositoryId, name: string, now: Date) =>
  store
    .select({
      name: tag.name,
      digest: manifest.digest,
      manifestCount: manifest.pullCount,
      manifestPulledAt: manifest.lastPulledAt,
      ...renamed,
    })
    .from(tag)
    .innerJoin(manifest, eq(manifest.id, tag.manifestId))
    .leftJoin(tagPulls, and(eq(tagPulls.repositoryId, tag.repositoryId), eq(tagPulls.name, tag.name)))
    .where(and(eq(tag.repositoryId, repositoryId), eq(tag.name, name), isLive(now)))

const renamed = prefixed(
  { tagCount: tagPulls.count, tagPulledAt: tagPulls.lastPulledAt, pulledDigest: tagPulls.digest },
  'pulls',
)
