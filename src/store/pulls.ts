import { and, eq, sql } from 'drizzle-orm'
import { prefixed } from './columns.ts'
import { reusable } from './reusable.ts'
import { manifest, repository, tag, tagPulls } from './schema.ts'
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

/** Counts a pull from a repository. */
export const countRepositoryPull = reusable(
  (repositoryId: number) => ({ repositoryId }),
  (store, { repositoryId }) =>
    store.update(repository).set({ pullCount: sql`pull_count + 1` }).where(eq(repository.id, repositoryId)),
)

/** Counts a pull of a manifest. */
export const countManifestPull = reusable(
  (manifestId: number, now: Date) => ({ manifestId, now }),
  (store, { manifestId, now }) =>
    store
      .update(manifest)
      .set({ pullCount: sql`pull_count + 1`, lastPulledAt: now })
      .where(eq(manifest.id, manifestId)),
)

/** Counts a pull by a tag's name. */
export const countTagPull = reusable(
  (repositoryId: number, name: string, digest: string, now: Date) => ({ repositoryId, name, digest, now }),
  (store, { repositoryId, name, digest, now }) =>
    store
      .insert(tagPulls)
      .values({ repositoryId, name, digest, count: 1, lastPulledAt: now })
      .onConflictDoUpdate({
        target: [tagPulls.repositoryId, tagPulls.name],
        set: { digest, count: sql`count + 1`, lastPulledAt: now },
      }),
)
