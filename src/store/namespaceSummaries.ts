import { and, asc, eq, getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { RowId } from './columns.ts'
import { account } from './schema.ts'
import type { Store } from './store.ts'

// Columns are spelt out: in a select from one table drizzle writes them without the table's name.
/** Ranks and counts of a namespace as one account sees it. */
const seenBy = (accountId: RowId) => ({
  ...getTableColumns(account),
  /** Of the account on the namespace: 0 to 3. */
  rank: sql<number>`case when account.id = ${accountId} then 3 else coalesce((
    select max(t.role) from team_member m join team t on t.id = m.team_id
    where m.account_id = ${accountId} and t.organization_id = account.id), 0) end`.as('held_rank'),
  creatorName: sql<string>`coalesce(
    (select c.username from account c where c.id = account.swr_creator_id),
    (select c.username from team t join team_member m on m.team_id = t.id join account c on c.id = m.account_id
     where t.organization_id = account.id and t.role = 3 order by c.id limit 1),
    account.username)`.as('creator_name'),
  accessUserCount: sql<number>`(
    select count(distinct m.account_id) from team t join team_member m on m.team_id = t.id
    where t.organization_id = account.id)`.as('access_user_count'),
  repositoryCount: sql<number>`(
    select count(*) from repository r where r.namespace_id = account.id and r.deleted_at is null)`.as(
    'repository_count',
  ),
})

/** Where an account is a namespace itself or in a team. */
const ownNamespaces = (accountId: RowId): SQL =>
  sql`select ${accountId} union
      select t.organization_id from team_member m join team t on t.id = m.team_id where m.account_id = ${accountId}`

/** Where it has a grant of its own on a repository. */
const grantingNamespaces = (accountId: RowId): SQL =>
  sql`select r.namespace_id from repository_grant g join repository r on r.id = g.repository_id
      where g.account_id = ${accountId} and r.deleted_at is null`

/** The namespaces that an account belongs to; with `visible` also those where it may see a repository only. */
export const namespacesOf = (
  store: Store,
  accountId: RowId,
  { name, visible }: { name?: string | undefined; visible: boolean },
) =>
  store
    .select(seenBy(accountId))
    .from(account)
    .where(
      and(
        visible
          ? sql`${account.id} in (${ownNamespaces(accountId)} union ${grantingNamespaces(accountId)})`
          : sql`${account.id} in (${ownNamespaces(accountId)})`,
        sql`${account.kind} <> 'robot'`,
        name === undefined ? undefined : eq(account.username, name),
      ),
    )
    .orderBy(asc(account.id))

/** One namespace by name, as an account sees it. */
export const namespaceSeen = (store: Store, accountId: RowId, name: string) =>
  store
    .select(seenBy(accountId))
    .from(account)
    .where(and(eq(account.username, name), sql`${account.kind} <> 'robot'`))

export type NamespaceSeen = Awaited<ReturnType<typeof namespaceSeen>>[number]

/** How many organizations an account has created that are still there. */
export const organizationsCreated = (store: Store, accountId: RowId) =>
  store
    .select({ count: sql<number>`count(*)`.as('count') })
    .from(account)
    .where(and(eq(account.kind, 'organization'), eq(account.swrCreatorId, sql`${accountId}`)))
