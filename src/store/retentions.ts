import { desc, eq, sql } from 'drizzle-orm'
import type { RowId } from './columns.ts'
import { retention, retentionLog } from './schema.ts'
import type { Store } from './store.ts'

/** The retention policy of a repository, if it has one. */
export const retentionOf = (store: Store, repositoryId: RowId) =>
  store
    .select()
    .from(retention)
    .where(eq(retention.repositoryId, sql`${repositoryId}`))

export type RetentionRow = typeof retention.$inferSelect

/** What retention has deleted, latest first. */
export const retentionLogPage = (
  store: Store,
  repositoryId: RowId,
  { offset, limit }: { offset: number; limit: number },
) =>
  store
    .select()
    .from(retentionLog)
    .where(eq(retentionLog.repositoryId, sql`${repositoryId}`))
    .orderBy(desc(retentionLog.id))
    .limit(limit)
    .offset(offset)

export const retentionLogCount = (store: Store, repositoryId: RowId) =>
  store
    .select({ count: sql<number>`count(*)`.as('count') })
    .from(retentionLog)
    .where(eq(retentionLog.repositoryId, sql`${repositoryId}`))
