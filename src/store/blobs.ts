import { and, eq, getTableColumns, isNull, sql } from 'drizzle-orm'
import { indexedBytes } from './manifests.ts'
import { absentBlob, account, blob, manifest, manifestBlob, repository, repositoryBlob } from './schema.ts'
import type { Statement, Store } from './store.ts'
import type { RepositoryId } from './tags.ts'

export type Blob = typeof blob.$inferSelect

/** A blob, if the repository holds it, and no client has deleted it there. */
export const blobIn = (store: Store, repositoryId: RepositoryId, digest: string) =>
  store
    .select(getTableColumns(blob))
    .from(blob)
    .innerJoin(repositoryBlob, eq(repositoryBlob.blobId, blob.id))
    .where(
      and(eq(blob.digest, digest), eq(repositoryBlob.repositoryId, repositoryId), isNull(repositoryBlob.deletedAt)),
    )

/** Those of the digests that the repository holds. */
export const blobsIn = (store: Store, repositoryId: RepositoryId, digests: readonly string[]) =>
  store
    .select(getTableColumns(blob))
    .from(sql`json_each(${JSON.stringify(digests)}) wanted`)
    .innerJoin(blob, sql`${blob.digest} = wanted.value`)
    .innerJoin(repositoryBlob, eq(repositoryBlob.blobId, blob.id))
    .where(and(eq(repositoryBlob.repositoryId, repositoryId), isNull(repositoryBlob.deletedAt)))

/** As many holders of a blob are looked at, for one that is public. */
const holdersMax = 100

/** A public repository that holds the blob: some blobs are in thousands of repositories, and so not all are looked at. */
export const publicHolderOf = (store: Store, digest: string) =>
  store
    .select({ id: repository.id })
    .from(
      sql`(select l.repository_id from repository_blob l where l.blob_id = (select b.id from blob b where b.digest = ${digest}) and l.deleted_at is null limit ${holdersMax}) held`,
    )
    .innerJoin(
      repository,
      sql`${repository.id} = held.repository_id and is_public = 1 and ${repository.deletedAt} is null`,
    )
    .innerJoin(account, and(eq(account.id, repository.namespaceId), eq(account.enabled, true)))
    .limit(1)

/** Lets a repository see a blob; of a link that is there already, it notes that it was wanted again. */
export const linkBlob = (store: Store, repositoryId: number, digest: string, linkedAt: Date): Statement[] => [
  store
    .insert(repositoryBlob)
    .values({ repositoryId, blobId: sql`(select id from blob where digest = ${digest})`, linkedAt })
    .onConflictDoUpdate({
      target: [repositoryBlob.repositoryId, repositoryBlob.blobId],
      set: { linkedAt, deletedAt: null },
    }),
  ...fillIn(store, repositoryId, digest),
]

/** Gives a blob to the manifests that were pushed without it. */
function fillIn(store: Store, repositoryId: number, digest: string): Statement[] {
  const wanting = sql`from absent_blob a where a.repository_id = ${repositoryId} and a.digest = ${digest}`
  return [
    store
      .update(repository)
      .set({ sizeBytes: sql`size_bytes + (select b.size_bytes from blob b where b.digest = ${digest})` })
      .where(and(eq(repository.id, repositoryId), sql`exists (select 1 ${wanting})`)),
    store
      .insert(manifestBlob)
      .select(
        sql`select a.manifest_id, (select b.id from blob b where b.digest = ${digest}), a.repository_id ${wanting}`,
      )
      .onConflictDoNothing(),
    store
      .update(manifest)
      .set({ contentSizeBytes: indexedBytes(repositoryId, sql`manifest.id`) })
      .where(
        sql`id in (
          select c.parent_id from manifest_child c join manifest m on m.repository_id = c.repository_id and m.digest = c.child_digest
          where m.id in (select a.manifest_id ${wanting}))`,
      ),
    store.delete(absentBlob).where(and(eq(absentBlob.repositoryId, repositoryId), eq(absentBlob.digest, digest))),
  ]
}
