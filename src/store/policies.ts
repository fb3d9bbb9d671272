import { and, asc, eq, getTableColumns, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm'
import { prefixed } from './columns.ts'
import { type RowOf, reusable } from './reusable.ts'
import { account, immutabilityPolicy, repository, tag, tagRevision } from './schema.ts'
import { guard, type Store } from './store.ts'
import type { RepositoryId } from './tags.ts'

/** The immutability rules that hold in a repository: its own, and its namespace's. */
export const immutabilityRules = reusable(
  (namespaceId: RepositoryId, repositoryId: RepositoryId) => ({ namespaceId, repositoryId }),
  (store, { namespaceId, repositoryId }) =>
    store
      .select({ pattern: immutabilityPolicy.pattern, matches: immutabilityPolicy.matches })
      .from(immutabilityPolicy)
      .where(
        and(
          eq(immutabilityPolicy.namespaceId, namespaceId),
          or(isNull(immutabilityPolicy.repositoryId), eq(immutabilityPolicy.repositoryId, repositoryId)),
        ),
      )
      .orderBy(asc(immutabilityPolicy.id)),
)

type Rules = readonly RowOf<typeof immutabilityRules>[]

/** Fails the batch unless these are still the rules: a tag that slips past a new policy would stay mutable for ever. */
export const guardRules = reusable(
  (namespaceId: number, repositoryId: number, rules: Rules) => ({
    namespaceId,
    repositoryId,
    seen: JSON.stringify(rules.map(({ pattern, matches }) => [pattern, matches ? 1 : 0])),
  }),
  (store, { namespaceId, repositoryId, seen }) =>
    guard(
      store,
      sql`(select json_group_array(json_array(p.pattern, p.matches)) from (
      select pattern, matches from immutability_policy
      where namespace_id = ${namespaceId} and (repository_id is null or repository_id = ${repositoryId}) order by id) p)
      = ${seen}`,
    ),
)

export type ImmutabilityPolicy = typeof immutabilityPolicy.$inferSelect

/** The policies of a namespace as a whole, or, where `repositoryId` is given, of one repository alone. */
export const policiesOf = (store: Store, namespaceId: RepositoryId, repositoryId?: RepositoryId) =>
  store
    .select()
    .from(immutabilityPolicy)
    .where(
      repositoryId === undefined
        ? and(eq(immutabilityPolicy.namespaceId, namespaceId), isNull(immutabilityPolicy.repositoryId))
        : eq(immutabilityPolicy.repositoryId, repositoryId),
    )
    .orderBy(asc(immutabilityPolicy.id))

/** Policies that have not been applied to every tag that was there before them. */
export const pendingPolicies = (store: Store, limit: number) =>
  store
    .select({
      ...getTableColumns(immutabilityPolicy),
      ...prefixed({ namespace: account.username, repository: repository.name }, 'policy'),
    })
    .from(immutabilityPolicy)
    .innerJoin(account, eq(account.id, immutabilityPolicy.namespaceId))
    .leftJoin(repository, eq(repository.id, immutabilityPolicy.repositoryId))
    .where(isNotNull(immutabilityPolicy.appliedTo))
    .orderBy(asc(immutabilityPolicy.id))
    .limit(limit)

export type PendingPolicy = ImmutabilityPolicy & { namespace: string; repository: string | null }

/** The next live, mutable tags that a policy is about, by repository and name. Rows are read in proportion to the page. */
export function mutableTagsAfter(
  store: Store,
  { namespaceId, repositoryId, appliedTo }: ImmutabilityPolicy,
  now: Date,
  limit: number,
) {
  const [lastRepository, lastName] = appliedTo ?? [0, '']
  const which: SQL =
    repositoryId === null
      ? sql`r.namespace_id = ${namespaceId} and r.id >= ${lastRepository}`
      : sql`r.id = ${repositoryId}`
  return store
    .select({
      id: sql<number>`t.id`.as('id'),
      name: sql<string>`t.name`.as('name'),
      repositoryId: sql<number>`t.repository_id`.as('repository_id'),
    })
    .from(sql`repository r cross join tag t on t.repository_id = r.id`)
    .where(
      sql`${which} and r.deleted_at is null and t.name > case when r.id = ${lastRepository} then ${lastName} else '' end
        and t.immutable = 0 and (t.expires_at is null or t.expires_at > ${now.getTime()})`,
    )
    .orderBy(sql`r.id`, sql`t.name`)
    .limit(limit)
}

/** Makes tags immutable. An immutable tag does not expire, unless `mayExpire`. */
export function makeImmutable(store: Store, ids: readonly number[], mayExpire: boolean) {
  const these = sql`select value from json_each(${JSON.stringify(ids)})`
  const set = { immutable: true, ...(!mayExpire && { expiresAt: null }) }
  return [
    store
      .update(tagRevision)
      .set(set)
      .where(sql`${tagRevision.id} in (select t.revision_id from tag t where t.id in (${these}))`),
    store.update(tag).set(set).where(sql`${tag.id} in (${these})`),
    store
      .update(repository)
      .set({ generation: sql`generation + 1` })
      .where(sql`${repository.id} in (select t.repository_id from tag t where t.id in (${these}))`),
  ]
}
