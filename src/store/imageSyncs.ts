import { and, asc, desc, eq, getTableColumns, sql } from 'drizzle-orm'
import type { RowId } from './columns.ts'
import { imageSync, syncJob, tag } from './schema.ts'
import type { Store } from './store.ts'
import { isLive } from './tags.ts'

export interface Remote {
  region: string
  namespace: string
}

export const syncsOf = (store: Store, repositoryId: RowId) =>
  store
    .select()
    .from(imageSync)
    .where(eq(imageSync.repositoryId, sql`${repositoryId}`))
    .orderBy(asc(imageSync.id))

export type SyncRow = Awaited<ReturnType<typeof syncsOf>>[number]

export interface SyncJobWindow {
  descending: boolean
  offset: number
  limit: number
}

export const syncJobPage = (store: Store, repositoryId: RowId, { descending, offset, limit }: SyncJobWindow) =>
  store
    .select({
      ...getTableColumns(syncJob),
      operatorName: sql<string | null>`(select a.username from account a where a.id = sync_job.operator_id)`.as(
        'operator_name',
      ),
      operatorSwrId: sql<string | null>`(select a.swr_id from account a where a.id = sync_job.operator_id)`.as(
        'operator_swr_id',
      ),
    })
    .from(syncJob)
    .where(eq(syncJob.repositoryId, sql`${repositoryId}`))
    .orderBy(descending ? desc(syncJob.id) : asc(syncJob.id))
    .limit(limit)
    .offset(offset)

export type SyncJobRow = Awaited<ReturnType<typeof syncJobPage>>[number]

export const syncJobCount = (store: Store, repositoryId: RowId) =>
  store
    .select({ count: sql<number>`count(*)`.as('count') })
    .from(syncJob)
    .where(eq(syncJob.repositoryId, sql`${repositoryId}`))

/** Which of these names are live tags. */
export const liveAmong = (store: Store, repositoryId: RowId, names: readonly string[], now: Date) =>
  store
    .select({ name: tag.name })
    .from(tag)
    .where(
      and(
        eq(tag.repositoryId, sql`${repositoryId}`),
        sql`${tag.name} in (select value from json_each(${JSON.stringify(names)}))`,
        isLive(now),
      ),
    )
