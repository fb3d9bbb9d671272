import { and, eq, sql } from 'drizzle-orm'
import { prefixed } from './columns.ts'
import { reusable } from './reusable.ts'
import { event, manifest, repository, tag, tagPulls } from './schema.ts'
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

/*
 * Pulls are written as lists: JSON arrays of objects with `namespaceId`, `repositoryId`, `manifestId`, `digest`, `tag`,
 * `performerId`, `ip`, `at` and `metadata`.
 */

/** Counts pulls from repositories. */
export const countRepositoryPulls = reusable(
  (list: string) => ({ list }),
  (store, { list }) =>
    store
      .update(repository)
      .set({
        pullCount: sql`pull_count + (select count(*) from json_each(${list}) j where j.value ->> 'repositoryId' = repository.id)`,
      })
      .where(sql`${repository.id} in (select j.value ->> 'repositoryId' from json_each(${list}) j)`),
)

/** Counts pulls of manifests. */
export const countManifestPulls = reusable(
  (list: string) => ({ list }),
  (store, { list }) =>
    store
      .update(manifest)
      .set({
        pullCount: sql`pull_count + (select count(*) from json_each(${list}) j where j.value ->> 'manifestId' = manifest.id)`,
        lastPulledAt: sql`max(coalesce(last_pulled_at, 0), (
          select max(j.value ->> 'at') from json_each(${list}) j where j.value ->> 'manifestId' = manifest.id))`,
      })
      .where(sql`${manifest.id} in (select j.value ->> 'manifestId' from json_each(${list}) j)`),
)

/** Counts pulls by tags' names, of repositories that are still there. */
export const countTagPulls = reusable(
  (list: string) => ({ list }),
  (store, { list }) =>
    store
      .insert(tagPulls)
      .select(
        sql`select r.id, j.value ->> 'tag', j.value ->> 'digest', 1, j.value ->> 'at'
          from json_each(${list}) j join repository r on r.id = j.value ->> 'repositoryId'
          where j.value ->> 'tag' is not null order by j.key`,
      )
      .onConflictDoUpdate({
        target: [tagPulls.repositoryId, tagPulls.name],
        set: { digest: sql`excluded.digest`, count: sql`count + 1`, lastPulledAt: sql`excluded.last_pulled_at` },
      }),
)

/** Logs pulls. */
export const addPullEvents = reusable(
  (list: string) => ({ list }),
  (store, { list }) =>
    store.insert(event).select(
      sql`select null, 'pull_repo', j.value ->> 'namespaceId', j.value ->> 'repositoryId', j.value ->> 'performerId',
        j.value ->> 'ip', j.value ->> 'at', j.value ->> 'metadata' from json_each(${list}) j order by j.key`,
    ),
)
