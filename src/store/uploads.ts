import { and, eq, type SQL, sql } from 'drizzle-orm'
import { upload } from './schema.ts'
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

/** Whether nobody has gone on with the upload since it was read. */
export const isStillAt = ({ id, version, offsetBytes }: Upload): SQL =>
  sql`exists (select 1 from upload where id = ${id} and version = ${version} and offset_bytes = ${offsetBytes})`
