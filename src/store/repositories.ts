import { and, desc, eq, gte, isNull, type SQL, sql } from 'drizzle-orm'
import { actionCount, manifest, repository, star, tag } from './schema.ts'
import type { Store } from './store.ts'
import { isLive, type RepositoryId } from './tags.ts'

/** An account's id, known or as a subquery. */
type AccountId = number | SQL<number | null>

/** Whether a name is taken in a namespace. */
export const repositoryNamed = (store: Store, namespaceId: RepositoryId, name: string) =>
  store
    .select({ id: repository.id })
    .from(repository)
    .where(and(eq(repository.namespaceId, namespaceId), eq(repository.name, name), isNull(repository.deletedAt)))

/** The account's star on a repository, if it gave one. */
export const starOf = (store: Store, repositoryId: RepositoryId, accountId: AccountId) =>
  store
    .select({ createdAt: star.createdAt })
    .from(star)
    .where(and(eq(star.repositoryId, repositoryId), sql`${star.accountId} = ${accountId}`))

/** The newest live tags, as many as a repository's own page shows. */
export const newestTags = (store: Store, repositoryId: RepositoryId, now: Date, limit: number) =>
  store
    .select({
      name: tag.name,
      startedAt: tag.startedAt,
      expiresAt: tag.expiresAt,
      digest: manifest.digest,
      isIndex: manifest.isIndex,
      layersSizeBytes: manifest.layersSizeBytes,
    })
    .from(tag)
    .innerJoin(manifest, eq(manifest.id, tag.manifestId))
    .where(and(eq(tag.repositoryId, repositoryId), isLive(now)))
    .orderBy(desc(tag.startedAt), tag.name)
    .limit(limit)

/** Actions per day, from the given day on. */
export const actionsSince = (store: Store, repositoryId: RepositoryId, day: string) =>
  store
    .select({ day: actionCount.day, count: actionCount.count })
    .from(actionCount)
    .where(and(eq(actionCount.repositoryId, repositoryId), gte(actionCount.day, day)))
    .orderBy(actionCount.day)

export interface RepositorySelection {
  accountId: AccountId
  /** Only of this namespace. */
  namespaceId?: SQL<number> | undefined
  /** Those that everybody sees, besides those that the account was granted. */
  withPublic: boolean
  /** All of them, whoever may see them. */
  everything?: boolean
  /** Only those that the account has starred and may still see. */
  starred: boolean
  /** The smallest id of the page. */
  startId: number
  /** One more row than this where there are more. */
  limit: number
  /** Figures that cost extra rows. */
  lastModified: boolean
  actionsSince?: string | undefined
  now: Date
}

/**
 * A page of repositories by ascending id. Each way of seeing a repository yields the beginning of its own ordered list,
 * so that a page costs rows in proportion to its length, however many repositories there are.
 */
export const repositoryPage = (store: Store, selection: RepositorySelection) => {
  const { accountId, limit, now } = selection
  const newestStart = sql<number | null>`(
    select t.started_at from tag t where t.repository_id = r.id and (t.expires_at is null or t.expires_at > ${now.getTime()})
    order by t.started_at desc limit 1)`
  const actions = sql<number>`(
    select coalesce(sum(a.count), 0) from action_count a where a.repository_id = r.id and a.day >= ${selection.actionsSince ?? ''})`
  return store
    .select({
      id: sql<number>`r.id`.as('id'),
      namespace: sql<string>`n.username`.as('namespace'),
      name: sql<string>`r.name`.as('name'),
      description: sql<string | null>`r.description`.as('description'),
      isPublic: sql`r.is_public`.mapWith(Boolean).as('is_public'),
      state: sql<(typeof repository.$inferSelect)['state']>`r.state`.as('state'),
      sizeBytes: sql<number>`r.size_bytes`.as('size_bytes'),
      lastModifiedAt: (selection.lastModified ? newestStart : sql<null>`null`).as('last_modified_at'),
      actions: (selection.actionsSince ? actions : sql<number>`0`).as('actions'),
      isStarred:
        sql<number>`exists (select 1 from star s where s.account_id = ${accountId} and s.repository_id = r.id)`.as(
          'is_starred',
        ),
    })
    .from(sql`(${candidates(selection)} order by 1 limit ${limit + 1}) page`)
    .innerJoin(sql`repository r`, sql`r.id = page.id`)
    .innerJoin(sql`account n`, sql`n.id = r.namespace_id`)
    .orderBy(sql`r.id`)
}

export type ListedRepository = Awaited<ReturnType<typeof repositoryPage>>[number]

function candidates({ accountId, namespaceId, withPublic, everything, starred, startId, limit }: RepositorySelection) {
  const first = sql.raw(`limit ${limit + 1}`)
  const inNamespace = namespaceId ? sql`and r.namespace_id = ${namespaceId}` : sql``
  const some = sql`r.deleted_at is null and r.id >= ${startId} ${inNamespace}`
  if (starred)
    return sql`select r.id as id from star s join repository r on r.id = s.repository_id
    where s.account_id = ${accountId} and s.repository_id >= ${startId} and r.deleted_at is null and ${isVisible(accountId)}`
  if (everything) return sql`select r.id as id from repository r where ${some}`

  const teamsOf = namespaceId ? sql`and t.organization_id = ${namespaceId}` : sql``
  const granted = sql`select g.repository_id as id from repository_grant g join repository r on r.id = g.repository_id
    where g.account_id = ${accountId} and g.repository_id >= ${startId} and ${some} order by g.repository_id ${first}`
  const ofTeam = sql`select g.repository_id as id from repository_grant g join repository r on r.id = g.repository_id
    where g.team_id = t.id and g.repository_id >= ${startId} and r.deleted_at is null order by g.repository_id ${first}`
  const ofOrganization = sql`select r.id as id from repository r
    where r.namespace_id = t.organization_id and r.deleted_at is null and r.id >= ${startId} order by r.id ${first}`
  const visible = sql`select r.id as id from repository r where r.is_public = 1 and ${some} order by r.id ${first}`
  // json_each makes a list of each team's own: SQLite has no lateral join.
  const perTeam = (list: SQL, role: SQL) => sql`select e.value as id from team_member m join team t on t.id = m.team_id
    join json_each((select json_group_array(id) from (${list}))) e where m.account_id = ${accountId} ${teamsOf} ${role}`
  const arms = [
    sql`select id from (${granted})`,
    perTeam(ofTeam, sql`and t.role < 3`),
    perTeam(ofOrganization, sql`and t.role = 3`),
    ...(withPublic ? [sql`select id from (${visible})`] : []),
  ]
  return sql.join(arms, sql` union `)
}

/** Whether an account sees the repository `r`: it is public, granted to it or to a team of its, or of an organization it administers. */
const isVisible = (accountId: AccountId) => sql`(r.is_public = 1
  or exists (select 1 from repository_grant g where g.repository_id = r.id and g.account_id = ${accountId})
  or exists (select 1 from team_member m join repository_grant g on g.team_id = m.team_id and g.repository_id = r.id
             where m.account_id = ${accountId})
  or exists (select 1 from team_member m join team t on t.id = m.team_id
             where m.account_id = ${accountId} and t.organization_id = r.namespace_id and t.role = 3))`
