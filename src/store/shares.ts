import { and, asc, eq, getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { RowId } from './columns.ts'
import { share } from './schema.ts'
import type { Store } from './store.ts'

const shown = {
  ...getTableColumns(share),
  creatorName: sql<string | null>`(select c.username from account c where c.id = share.creator_id)`.as('creator_name'),
  creatorSwrId: sql<string | null>`(select c.swr_id from account c where c.id = share.creator_id)`.as('creator_swr_id'),
}

const sharesMax = 100

export const sharesOf = (store: Store, repositoryId: RowId) =>
  store
    .select(shown)
    .from(share)
    .where(eq(share.repositoryId, sql`${repositoryId}`))
    .orderBy(asc(share.createdAt), asc(share.accessDomain))
    .limit(sharesMax)

export type ShareRow = Awaited<ReturnType<typeof sharesOf>>[number]

export const shareWith = (store: Store, repositoryId: RowId, accessDomain: string) =>
  store
    .select(shown)
    .from(share)
    .where(and(eq(share.repositoryId, sql`${repositoryId}`), eq(share.accessDomain, accessDomain)))

/** The names under which an account is shared with: its own, and those of the organizations that it is in. */
export const domainsOf = (accountId: RowId): SQL => sql`
  select a.username from account a where a.id = ${accountId} union
  select o.username from team_member m join team t on t.id = m.team_id join account o on o.id = t.organization_id
  where m.account_id = ${accountId}`
