import { and, asc, desc, eq, getTableColumns, isNull, or, type SQL, sql } from 'drizzle-orm'
import { prefixed, type RowId } from './columns.ts'
import { account, repository } from './schema.ts'
import type { Store } from './store.ts'

/** Names of tags that a list shows of one repository. */
const tagsMax = 1000

export const repositoryOrders = ['updated_time', 'updated_at', 'name', 'tag_count', 'namespace', 'is_public'] as const

export interface RepositoryWindow {
  /** Parts of names, as they are written. */
  namespace?: string | undefined
  name?: string | undefined
  category?: string | undefined
  isPublic?: boolean | undefined
  order: { column: (typeof repositoryOrders)[number]; descending: boolean }
  offset: number
  limit: number
}

/** What an account reaches by a right of its own, whoever else may see it. */
export const reachedBy = (accountId: RowId): SQL =>
  or(
    sql`${repository.namespaceId} in (
      select ${accountId} union
      select t.organization_id from team_member m join team t on t.id = m.team_id
      where m.account_id = ${accountId} and t.role = 3)`,
    sql`${repository.id} in (
      select g.repository_id from repository_grant g where g.account_id = ${accountId} union
      select g.repository_id from repository_grant g join team_member m on m.team_id = g.team_id
      where m.account_id = ${accountId})`,
  ) as SQL

export const holds = (column: SQL | typeof repository.name | typeof account.username, text: string | undefined) =>
  text === undefined ? undefined : sql`instr(${column}, ${text}) > 0`

const liveTags = (now: Date) =>
  sql`tag t where t.repository_id = repository.id and (t.expires_at is null or t.expires_at > ${now.getTime()})`

export const repositorySummary = (now: Date) => ({
  ...getTableColumns(repository),
  ...prefixed({ username: account.username }, 'namespace'),
  expiredCount: sql<number>`(
    select count(*) from tag t where t.repository_id = repository.id
      and t.expires_at is not null and t.expires_at <= ${now.getTime()})`.as('expired_count'),
  creatorName: sql<string | null>`(select c.username from account c where c.id = repository.swr_creator_id)`.as(
    'creator_name',
  ),
  creatorId: sql<string | null>`(select c.swr_id from account c where c.id = repository.swr_creator_id)`.as(
    'creator_swr_id',
  ),
})

export const namesOfTags = (now: Date) =>
  sql<string>`(select json_group_array(name) from (
    select t.name from ${liveTags(now)} order by t.started_at desc, t.name limit ${tagsMax}))`
    .mapWith((text: string) => JSON.parse(text) as string[])
    .as('tag_names') as SQL.Aliased<string[]>

const matching = (
  accountId: RowId,
  { namespace, name, category, isPublic }: Omit<RepositoryWindow, 'order' | 'offset' | 'limit'>,
) =>
  and(
    isNull(repository.deletedAt),
    reachedBy(accountId),
    holds(account.username, namespace),
    holds(repository.name, name),
    category === undefined ? undefined : eq(repository.swrCategory, category),
    isPublic === undefined ? undefined : eq(repository.isPublic, isPublic),
  )

/** The repositories that an account reaches, one page of them. */
export function repositoryWindow(store: Store, accountId: RowId, window: RepositoryWindow, now: Date) {
  const { column, descending } = window.order
  const by = {
    updated_time: repository.updatedAt,
    updated_at: repository.updatedAt,
    name: repository.name,
    tag_count: repository.tagCount,
    namespace: account.username,
    is_public: repository.isPublic,
  }[column]
  const direction = descending ? desc : asc
  return store
    .select({ ...repositorySummary(now), tagNames: namesOfTags(now) })
    .from(repository)
    .innerJoin(account, eq(account.id, repository.namespaceId))
    .where(matching(accountId, window))
    .orderBy(direction(by), direction(repository.id))
    .limit(window.limit)
    .offset(window.offset)
}

export type RepositorySummary = Awaited<ReturnType<typeof repositoryWindow>>[number]

/** How many there are on all pages. */
export const repositoryCount = (store: Store, accountId: RowId, window: RepositoryWindow) =>
  store
    .select({ count: sql<number>`count(*)`.as('count') })
    .from(repository)
    .innerJoin(account, eq(account.id, repository.namespaceId))
    .where(matching(accountId, window))

/** One repository with what its own page shows. */
export const repositoryShown = (store: Store, repositoryId: RowId, now: Date) =>
  store
    .select(repositorySummary(now))
    .from(repository)
    .innerJoin(account, eq(account.id, repository.namespaceId))
    .where(eq(repository.id, sql`${repositoryId}`))

export type RepositoryShown = Awaited<ReturnType<typeof repositoryShown>>[number]
