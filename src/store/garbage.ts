import { and, asc, eq, gt, inArray, isNotNull, lte, type SQL, sql } from 'drizzle-orm'
import {
  absentBlob,
  account,
  blob,
  garbage,
  manifest,
  manifestBlob,
  manifestChild,
  manifestLabel,
  repository,
  repositoryBlob,
  tagRevision,
} from './schema.ts'
import type { Statement, Store } from './store.ts'

/** The next repositories after `cursor`, deleted ones too, with how long their namespaces keep what has ended. */
export const repositoriesAfter = (store: Store, cursor: number, limit: number) =>
  store
    .select({
      id: repository.id,
      deletedAt: repository.deletedAt,
      keepsSeconds: account.tagExpirationSeconds,
    })
    .from(repository)
    .innerJoin(account, eq(account.id, repository.namespaceId))
    .where(gt(repository.id, cursor))
    .orderBy(asc(repository.id))
    .limit(limit)

/** Forgets meanings that ended before the horizon. Immutable ones stay, unless they may expire. */
export const dropRevisions = (
  store: Store,
  repositoryId: number,
  horizon: Date,
  alsoImmutable: boolean,
  limit: number,
) =>
  store.delete(tagRevision).where(
    inArray(
      tagRevision.id,
      store
        .select({ id: tagRevision.id })
        .from(tagRevision)
        .where(
          and(
            eq(tagRevision.repositoryId, repositoryId),
            isNotNull(tagRevision.endedAt),
            lte(tagRevision.endedAt, horizon),
            alsoImmutable ? undefined : eq(tagRevision.immutable, false),
          ),
        )
        .limit(limit),
    ),
  )

/**
 * Nothing leads to the manifest: no meaning of a tag, present or past, no index, and no subject that it refers to.
 * Spelt out, because it is asked of `manifest` inside other statements too.
 */
const isUnreachable = (pushedBefore: Date): SQL => sql`(
  manifest.created_at <= ${pushedBefore.getTime()}
  and not exists (select 1 from tag t where t.manifest_id = manifest.id)
  and not exists (select 1 from tag_revision v where v.manifest_id = manifest.id)
  and not exists (
    select 1 from manifest_child c where c.repository_id = manifest.repository_id and c.child_digest = manifest.digest)
  and not exists (
    select 1 from manifest s where s.repository_id = manifest.repository_id and s.digest = manifest.subject_digest))`

export const unreachableManifests = (store: Store, repositoryId: number, pushedBefore: Date, limit: number) =>
  store
    .select({ id: manifest.id, contentKey: manifest.contentKey })
    .from(manifest)
    .where(and(eq(manifest.repositoryId, repositoryId), isUnreachable(pushedBefore)))
    .limit(limit)

/** Deletes those of the manifests to which nothing leads now, and takes what only they needed off the repository's size. */
export function dropManifests(store: Store, repositoryId: number, ids: number[], pushedBefore: Date): Statement[] {
  const doomed = sql`(select manifest.id from manifest where manifest.id in (select value from json_each(${JSON.stringify(ids)})) and ${isUnreachable(pushedBefore)})`
  const freed = sql`(
    select coalesce(sum(b.size_bytes), 0) from blob b where b.id in (
      select d.blob_id from manifest_blob d where d.manifest_id in ${doomed} and not exists (
        select 1 from manifest_blob o
        where o.blob_id = d.blob_id and o.repository_id = d.repository_id and o.manifest_id not in ${doomed})))`
  return [
    store
      .update(repository)
      .set({ sizeBytes: sql`size_bytes - ${freed}` })
      .where(eq(repository.id, repositoryId)),
    store.insert(garbage).select(
      store
        .select({ id: sql<number>`null`.as('id'), storageKey: sql<string>`content_key`.as('storage_key') })
        .from(manifest)
        .where(and(sql`manifest.id in ${doomed}`, isNotNull(manifest.contentKey))),
    ),
    store.delete(manifestLabel).where(sql`manifest_id in ${doomed}`),
    store.delete(manifestBlob).where(sql`manifest_id in ${doomed}`),
    store.delete(absentBlob).where(sql`manifest_id in ${doomed}`),
    store.delete(manifestChild).where(sql`parent_id in ${doomed}`),
    store.delete(manifest).where(sql`id in ${doomed}`),
  ]
}

/** Takes blobs away from a repository none of whose manifests needs them, unless they came lately. */
export const unlinkBlobs = (store: Store, repositoryId: number, linkedBefore: Date) =>
  store
    .delete(repositoryBlob)
    .where(
      and(
        eq(repositoryBlob.repositoryId, repositoryId),
        lte(repositoryBlob.linkedAt, linkedBefore),
        sql`not exists (select 1 from manifest_blob m where m.blob_id = repository_blob.blob_id and m.repository_id = repository_blob.repository_id)`,
      ),
    )

const isLinked = sql`exists (select 1 from repository_blob l where l.blob_id = blob.id)`

/** Blobs after `cursor` that no repository holds. */
export const orphanedBlobs = (store: Store, cursor: number, storedBefore: Date, limit: number) =>
  store
    .select({
      id: blob.id,
      isOrphan: sql<number>`not ${isLinked} and created_at <= ${storedBefore.getTime()}`.as('is_orphan'),
    })
    .from(blob)
    .where(gt(blob.id, cursor))
    .orderBy(asc(blob.id))
    .limit(limit)

/** Deletes those of the blobs that no repository holds now, and hands their bytes over to be deleted. */
export function dropBlobs(store: Store, ids: number[]): Statement[] {
  const doomed = sql`blob.id in (select value from json_each(${JSON.stringify(ids)})) and not ${isLinked}`
  return [
    store.insert(garbage).select(
      store
        .select({ id: sql<number>`null`.as('id'), storageKey: sql<string>`storage_key`.as('storage_key') })
        .from(blob)
        .where(doomed),
    ),
    store.delete(blob).where(doomed),
  ]
}

export const garbageKeys = (store: Store, limit: number) =>
  store.select().from(garbage).orderBy(asc(garbage.id)).limit(limit)

export const forgetGarbage = (store: Store, ids: number[]) =>
  store.delete(garbage).where(sql`id in (select value from json_each(${JSON.stringify(ids)}))`)
