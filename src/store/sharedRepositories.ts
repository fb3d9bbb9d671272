import { and, asc, desc, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { RowId } from './columns.ts'
import { holds, namesOfTags, reachedBy, repositorySummary } from './repositorySummaries.ts'
import { account, repository } from './schema.ts'
import { domainsOf } from './shares.ts'
import type { Store } from './store.ts'

export const sharedOrders = ['updated_at', 'name', 'tag_count', 'namespace', 'domain_name'] as const

export interface SharedWindow {
  /** Shared by the account, rather than with it. */
  byMe: boolean
  namespace?: string | undefined
  name?: string | undefined
  isValid?: boolean | undefined
  order: { column: (typeof sharedOrders)[number]; descending: boolean }
  offset: number
  limit: number
}

const sharesOfRepository = (accountId: RowId, byMe: boolean) =>
  byMe
    ? sql`share s where s.repository_id = repository.id`
    : sql`share s where s.repository_id = repository.id and s.access_domain in (${domainsOf(accountId)})`

const isValid = (accountId: RowId, byMe: boolean, now: Date): SQL<boolean> =>
  sql<boolean>`exists (select 1 from ${sharesOfRepository(accountId, byMe)}
    and (s.ends_at is null or s.ends_at > ${now.getTime()}))`.mapWith(Boolean)

function matching(accountId: RowId, { byMe, namespace, name, isValid: wanted }: SharedWindow, now: Date) {
  const valid = isValid(accountId, byMe, now)
  return and(
    isNull(repository.deletedAt),
    byMe
      ? and(sql`${repository.id} in (select s.repository_id from share s)`, reachedBy(accountId))
      : sql`${repository.id} in (select s.repository_id from share s where s.access_domain in (${domainsOf(accountId)}))`,
    holds(account.username, namespace),
    holds(repository.name, name),
    wanted === undefined ? undefined : wanted ? valid : sql`not ${valid}`,
  )
}

/** Repositories that are shared by an account or with it, one page of them. */
export function sharedWindow(store: Store, accountId: RowId, window: SharedWindow, now: Date) {
  const by = {
    updated_at: repository.updatedAt,
    name: repository.name,
    tag_count: repository.tagCount,
    namespace: account.username,
    domain_name: repository.id,
  }[window.order.column]
  const direction = window.order.descending ? desc : asc
  return store
    .select({
      ...repositorySummary(now),
      tagNames: namesOfTags(now),
      isValid: isValid(accountId, window.byMe, now).as('is_valid'),
    })
    .from(repository)
    .innerJoin(account, eq(account.id, repository.namespaceId))
    .where(matching(accountId, window, now))
    .orderBy(direction(by), direction(repository.id))
    .limit(window.limit)
    .offset(window.offset)
}

/** How many there are on all pages. */
export const sharedCount = (store: Store, accountId: RowId, window: SharedWindow, now: Date) =>
  store
    .select({ count: sql<number>`count(*)`.as('count') })
    .from(repository)
    .innerJoin(account, eq(account.id, repository.namespaceId))
    .where(window.limit === 0 ? sql`false` : matching(accountId, window, now))
