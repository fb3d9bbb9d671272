import { and, eq, type SQL, sql } from 'drizzle-orm'
import { garbage, upload } from './schema.ts'
import type { Store } from './store.ts'
import type { RepositoryId } from './tags.ts'

export type Upload = typeof upload.$inferSelect

/** An upload, for the account that began it, in the repository where it began: for anyone else there is none. */
export const uploadOf = (
  store: Store,
  repositoryId: RepositoryId,
  id: string,
  accountId: number | SQL<number | null>,
) =>
  store
    .select()
    .from(upload)
    .where(and(eq(upload.id, id), eq(upload.repositoryId, repositoryId), eq(upload.accountId, accountId as number)))

/** The upload, if nobody has gone on with it since it was read. */
export const isStillAt = ({ id, version, offsetBytes }: Upload): SQL =>
  sql`id = ${id} and version = ${version} and offset_bytes = ${offsetBytes}`

/**
 * Gives the remainder of an upload, as it was read, up to be deleted: the same batch puts another in its place. Whoever
 * runs it deletes it at once, too; this is for the day when they are cut off before they can.
 */
export const spareTail = (store: Store, seen: Upload) =>
  store.insert(garbage).select(sql`select null, tail_key from upload where ${isStillAt(seen)} and tail_key is not null`)

/**
 * Ends uploads without a blob. Hands over what of them lies in the blob store: the remainder, and the whole, which is there
 * if the end of the upload was cut off between its bytes and its row. The last statement yields the uploads.
 */
export function takeUploads(store: Store, which: SQL) {
  const handOver = (key: SQL) =>
    store.insert(garbage).select(sql`select null, ${key} from upload where ${which} and ${key} is not null`)
  return [
    handOver(sql`upload.storage_key`),
    handOver(sql`upload.tail_key`),
    store.delete(upload).where(which).returning(),
  ] as const
}

export const areIn = (repositoryId: number) => sql`upload.repository_id = ${repositoryId}`

/** Uploads that nobody has gone on with since. */
export const areAbandoned = (since: Date, limit: number) =>
  sql`upload.id in (select u.id from upload u where u.updated_at <= ${since.getTime()} order by u.id limit ${limit})`
