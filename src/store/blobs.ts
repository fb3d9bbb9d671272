import { and, eq, getTableColumns, sql } from 'drizzle-orm'
import { blob, repositoryBlob } from './schema.ts'
import type { Store } from './store.ts'
import type { RepositoryId } from './tags.ts'

export type Blob = typeof blob.$inferSelect

/** A blob, if the repository holds it. */
export const blobIn = (store: Store, repositoryId: RepositoryId, digest: string) =>
  store
    .select(getTableColumns(blob))
    .from(blob)
    .innerJoin(repositoryBlob, eq(repositoryBlob.blobId, blob.id))
    .where(and(eq(blob.digest, digest), eq(repositoryBlob.repositoryId, repositoryId)))

/** Those of the digests that the repository holds. */
export const blobsIn = (store: Store, repositoryId: RepositoryId, digests: readonly string[]) =>
  store
    .select(getTableColumns(blob))
    .from(sql`json_each(${JSON.stringify(digests)}) wanted`)
    .innerJoin(blob, sql`${blob.digest} = wanted.value`)
    .innerJoin(repositoryBlob, eq(repositoryBlob.blobId, blob.id))
    .where(eq(repositoryBlob.repositoryId, repositoryId))

/** Lets a repository see a blob; of a link that is there already, it notes that it was wanted again. */
export const linkBlob = (store: Store, repositoryId: number, digest: string, linkedAt: Date) =>
  store
    .insert(repositoryBlob)
    .values({ repositoryId, blobId: sql`(select id from blob where digest = ${digest})`, linkedAt })
    .onConflictDoUpdate({ target: [repositoryBlob.repositoryId, repositoryBlob.blobId], set: { linkedAt } })
