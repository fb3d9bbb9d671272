import { and, asc, eq, getTableColumns, isNotNull, isNull, type SQL, sql } from 'drizzle-orm'
import type { RowId } from './columns.ts'
import { piece, type RowOf, reusable } from './reusable.ts'
import { blob, manifest, referrerType, repositoryBlob, tag } from './schema.ts'
import type { Statement, Store } from './store.ts'
import { isLive, type RepositoryId } from './tags.ts'

export type Manifest = typeof manifest.$inferSelect

// Columns are spelt out: in a select from one table drizzle writes them without the table's name.
/** Whether a live tag points at the manifest, or at an index that names it. */
const isReachable = (now: SQL<Date>): SQL<number> => sql<number>`(
  exists (select 1 from tag t where t.manifest_id = manifest.id and (t.expires_at is null or t.expires_at > ${now}))
  or exists (
    select 1 from manifest_child c join tag t on t.manifest_id = c.parent_id
    where c.repository_id = manifest.repository_id and c.child_digest = manifest.digest
      and (t.expires_at is null or t.expires_at > ${now})))`

/** A manifest of the repository, and whether something live leads to it (0 or 1). */
export const manifestByDigest = reusable(
  (repositoryId: RepositoryId, digest: string | SQL<string>, now: Date) => ({ repositoryId, digest, now }),
  (store, { repositoryId, digest, now }) =>
    store
      .select({ ...getTableColumns(manifest), isReachable: isReachable(now).as('is_reachable') })
      .from(manifest)
      .where(and(eq(manifest.repositoryId, repositoryId), eq(manifest.digest, digest))),
)

export type FoundManifest = RowOf<typeof manifestByDigest>

/** What a client of the registry gets of a manifest. */
const served = {
  id: manifest.id,
  digest: manifest.digest,
  mediaType: manifest.mediaType,
  content: manifest.content,
  contentKey: manifest.contentKey,
  sizeBytes: manifest.sizeBytes,
}

/** A manifest by its digest, unless a client deleted it. */
export const visibleByDigest = reusable(
  (repositoryId: RepositoryId, digest: string) => ({ repositoryId, digest }),
  (store, { repositoryId, digest }) =>
    store
      .select(served)
      .from(manifest)
      .where(and(eq(manifest.repositoryId, repositoryId), eq(manifest.digest, digest), isNull(manifest.deletedAt))),
)

export const servedByTag = reusable(
  (repositoryId: RepositoryId, name: string, now: Date) => ({ repositoryId, name, now }),
  (store, { repositoryId, name, now }) =>
    store
      .select(served)
      .from(tag)
      .innerJoin(manifest, eq(manifest.id, tag.manifestId))
      .where(and(eq(tag.repositoryId, repositoryId), eq(tag.name, name), isLive(now))),
)

export type ServedManifest = RowOf<typeof visibleByDigest>

/** Of the digests that an index names, the manifests that the repository shows. */
export const childrenIn = (store: Store, repositoryId: RepositoryId, digests: readonly string[]) =>
  store
    .select({
      id: manifest.id,
      digest: manifest.digest,
      expiresAfterSeconds: manifest.expiresAfterSeconds,
      immutableLabel: manifest.immutableLabel,
    })
    .from(sql`json_each(${JSON.stringify(digests)}) wanted`)
    .innerJoin(
      manifest,
      sql`${manifest.repositoryId} = ${repositoryId} and ${manifest.digest} = wanted.value and ${manifest.deletedAt} is null`,
    )

/** What an index says of a manifest besides its annotations takes about so many bytes. */
const descriptorBytes = 300

/**
 * Manifests that name this one as their subject, in the order they came; a page of them after `afterId`, and one more.
 * Annotations can be as long as a manifest: where the page would be longer than `bytesMax`, it ends at the id `cut`.
 */
export function referrersPage(
  store: Store,
  repositoryId: RepositoryId,
  {
    subject,
    artifactType,
    afterId,
    limit,
    bytesMax,
  }: { subject: string; artifactType: string | undefined; afterId: number; limit: number; bytesMax: number },
) {
  const isReferrer = sql`repository_id = ${repositoryId} and subject_digest = ${subject} and manifest.id > ${afterId}
    and deleted_at is null ${artifactType === undefined ? sql`` : sql`and ${referrerType} = ${artifactType}`}`
  const sizes = sql`(
    select manifest.id, ${descriptorBytes} + coalesce(length(annotations), 0) bytes
    from manifest where ${isReferrer} order by manifest.id limit ${limit})`
  const lastThatFits = sql`(
    select max(id) from (
      select id, sum(bytes) over (order by id) total, row_number() over (order by id) place from ${sizes})
    where total <= ${bytesMax} or place = 1)`
  return store
    .select({
      id: manifest.id,
      mediaType: manifest.mediaType,
      digest: manifest.digest,
      sizeBytes: manifest.sizeBytes,
      artifactType: referrerType.as('type'),
      annotations: manifest.annotations,
      cut: sql<number | null>`page.cut`.as('cut'),
    })
    .from(sql`(select case when (select sum(bytes) from ${sizes}) > ${bytesMax} then ${lastThatFits} end cut) page`)
    .innerJoin(manifest, sql`${isReferrer} and manifest.id <= coalesce(page.cut, manifest.id)`)
    .orderBy(asc(manifest.id))
    .limit(limit + 1)
}

export type Referrer = Awaited<ReturnType<typeof referrersPage>>[number]

/** A repository's manifest as one that the same batch inserts or finds. */
export const manifestIdOf = (repositoryId: number, digest: string): SQL<number> =>
  piece(
    'manifest',
    { repositoryId, digest },
    (v) => sql`(select m.id from manifest m where m.repository_id = ${v.repositoryId} and m.digest = ${v.digest})`,
  )

/** The distinct blobs of all manifests that an index leads to, and that the repository holds: their bytes. */
export const indexedBytes = (repositoryId: number | SQL<number>, indexId: SQL): SQL<number> => sql`(
  with recursive reach(digest) as (
    select c.child_digest from manifest_child c where c.parent_id = ${indexId}
    union
    select c.child_digest from reach
    join manifest m on m.repository_id = ${repositoryId} and m.digest = reach.digest
    join manifest_child c on c.parent_id = m.id)
  select coalesce(sum(b.size_bytes), 0) from blob b where b.id in (
    select mb.blob_id from reach
    join manifest m on m.repository_id = ${repositoryId} and m.digest = reach.digest
    join manifest_blob mb on mb.manifest_id = m.id))`

/** A manifest that is here already, whether clients see it or not. */
export const pushedBefore = (store: Store, repositoryId: RepositoryId, digest: string) =>
  store
    .select({
      id: manifest.id,
      deletedAt: manifest.deletedAt,
      expiresAfterSeconds: manifest.expiresAfterSeconds,
      immutableLabel: manifest.immutableLabel,
    })
    .from(manifest)
    .where(and(eq(manifest.repositoryId, repositoryId), eq(manifest.digest, digest)))

export type PushedBefore = Awaited<ReturnType<typeof pushedBefore>>[number]

/** The tags on a manifest, dead ones that nobody has taken away too. */
export const tagsOn = (store: Store, repositoryId: RepositoryId, digest: string) =>
  store
    .select({ id: tag.id, name: tag.name, immutable: tag.immutable, expiresAt: tag.expiresAt })
    .from(tag)
    .where(
      sql`manifest_id = (select m.id from manifest m where m.repository_id = ${repositoryId} and m.digest = ${digest})`,
    )
    .orderBy(asc(tag.id))

/** Tells the indexes that name a manifest whether the repository has it. */
export const setPresence = reusable(
  (repositoryId: number, digest: string | SQL<string>, present: boolean) => ({ repositoryId, digest, present }),
  (store, { repositoryId, digest, present }) =>
    store
      .update(manifest)
      .set({
        children: sql`(
        select json_group_array(case when j.value ->> 'digest' = ${digest}
          then json_set(j.value, '$.present', json(${present ? 'true' : 'false'})) else json(j.value) end)
        from json_each(manifest.children) j)`,
        contentSizeBytes: indexedBytes(repositoryId, sql`manifest.id`),
      })
      .where(
        sql`id in (select parent_id from manifest_child where repository_id = ${repositoryId} and child_digest = ${digest})`,
      ),
)

/** Shows a manifest again that a client had deleted, and an index's children with it, and their blobs. */
export const reviveManifest = (store: Store, repositoryId: number, id: RowId): Statement[] => [
  showBlobs(store, repositoryId, id),
  setPresence(store, repositoryId, deletedDigest(id), true),
  showManifest(store, repositoryId, id),
]

/** Of a manifest that a client had deleted. */
const deletedDigest = (id: RowId): SQL<string> =>
  piece(
    'deleted digest',
    { id },
    (v) => sql`(select m.digest from manifest m where m.id = ${v.id} and m.deleted_at is not null)`,
  )

const childDigests = (id: SQL) => sql`(select c.child_digest from manifest_child c where c.parent_id = ${id})`

const showBlobs = reusable(
  (repositoryId: number, id: RowId) => ({ repositoryId, id }),
  (store, { repositoryId, id }) =>
    store
      .update(repositoryBlob)
      .set({ deletedAt: null })
      .where(
        and(
          eq(repositoryBlob.repositoryId, repositoryId),
          isNotNull(repositoryBlob.deletedAt),
          sql`exists (
            select 1 from manifest_blob b join manifest m on m.id = b.manifest_id
            where b.blob_id = repository_blob.blob_id and b.repository_id = ${repositoryId}
              and (m.id = ${id} or m.digest in ${childDigests(id)}))`,
        ),
      ),
)

const showManifest = reusable(
  (repositoryId: number, id: RowId) => ({ repositoryId, id }),
  (store, { repositoryId, id }) =>
    store
      .update(manifest)
      .set({
        deletedAt: null,
        children: sql`case when manifest.children is null then null else (
          select json_group_array(json_set(j.value, '$.present', json(case when exists (
            select 1 from manifest o where o.repository_id = ${repositoryId} and o.digest = j.value ->> 'digest')
            then 'true' else 'false' end))) from json_each(manifest.children) j) end`,
      })
      .where(
        sql`repository_id = ${repositoryId} and deleted_at is not null and (id = ${id} or digest in ${childDigests(id)})`,
      ),
)

/** Where the blob store keeps a manifest's config, if the repository holds it. */
export const configKeyOf = (store: Store, repositoryId: RepositoryId, digest: string) =>
  store
    .select({ storageKey: blob.storageKey })
    .from(manifest)
    .innerJoin(blob, eq(blob.digest, manifest.configDigest))
    .innerJoin(
      repositoryBlob,
      and(eq(repositoryBlob.blobId, blob.id), eq(repositoryBlob.repositoryId, manifest.repositoryId)),
    )
    .where(and(eq(manifest.repositoryId, repositoryId), eq(manifest.digest, digest)))
