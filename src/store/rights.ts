import { and, eq, getTableColumns, isNull, ne, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { prefixed } from './columns.ts'
import { piece, type RowOf, reusable } from './reusable.ts'
import { account, repository } from './schema.ts'

export const namespace = alias(account, 'namespace')

/** What a request has to know of a namespace. */
export const namespaceColumns = {
  id: namespace.id,
  kind: namespace.kind,
  username: namespace.username,
  enabled: namespace.enabled,
  email: namespace.email,
  invoiceEmail: namespace.invoiceEmail,
  invoiceEmailAddress: namespace.invoiceEmailAddress,
  tagExpirationSeconds: namespace.tagExpirationSeconds,
  deletedName: namespace.deletedName,
}
export const repositoryColumns = prefixed(getTableColumns(repository), 'repository')

/** What an account holds on a namespace and a repository in it. Ranks are 0 to 3. */
export const rankColumns = (accountId: SQL) => ({
  teamRank: sql<number | null>`(
    select max(t.role) from team_member m join team t on t.id = m.team_id
    where m.account_id = ${accountId} and t.organization_id = ${namespace.id})`.as('team_rank'),
  directRank: sql<number | null>`(
    select role from repository_grant where repository_id = ${repository.id} and account_id = ${accountId})`.as(
    'direct_rank',
  ),
  teamGrantRank: sql<number | null>`(
    select max(g.role) from repository_grant g
    join team_member m on m.team_id = g.team_id and m.account_id = ${accountId}
    where g.repository_id = ${repository.id} and g.team_id is not null)`.as('team_grant_rank'),
})

/** `namespace/name`, as a client names a repository. */
export interface RepositoryPath {
  namespace: string
  name: string
}

export const isNamed = (username: string | SQL) =>
  and(eq(namespace.username, username), ne(namespace.kind, 'robot'), isNull(namespace.deletedName))

export const isRepositoryNamed = (name: string | SQL) =>
  and(eq(repository.namespaceId, namespace.id), eq(repository.name, name), isNull(repository.deletedAt))

/**
 * A namespace, the repository of that name in it, and what an account holds on both: one row, or none where there is
 * no such namespace. `rightsOf` reads it.
 */
export const rightsRow = reusable(
  (accountId: SQL<number | null>, path: RepositoryPath) => ({ accountId, ...path }),
  (store, given) =>
    store
      .select({ namespace: namespaceColumns, repository: repositoryColumns, ...rankColumns(given.accountId) })
      .from(namespace)
      .leftJoin(repository, isRepositoryNamed(given.name))
      .where(isNamed(given.namespace)),
)

export type RightsRow = RowOf<typeof rightsRow>
export type Namespace = RightsRow['namespace']
export type Repository = typeof repository.$inferSelect

/** The id of the repository of that name, as a subquery: lets a request read the repository's rows along with its rights. */
export const repositoryIdOf = ({ namespace, name }: RepositoryPath): SQL<number> =>
  piece(
    'repository',
    { namespace, name },
    (v) => sql`(select r.id from repository r join account n on n.id = r.namespace_id
       where n.username = ${v.namespace} and r.name = ${v.name} and r.deleted_at is null)`,
  )

/** What an account was found to hold, before scopes and visibility are weighed. */
export interface Rights {
  namespace: Namespace
  repository: Repository | undefined
  teamRank: number
  grantRank: number
}

export function rightsOf(row: RightsRow | undefined): Rights | undefined {
  if (!row) return undefined
  return {
    namespace: row.namespace,
    repository: row.repository.id === null ? undefined : (row.repository as Repository),
    teamRank: row.teamRank ?? 0,
    grantRank: Math.max(row.directRank ?? 0, row.teamGrantRank ?? 0),
  }
}

/** The id of the namespace of that name, as a subquery. */
export const namespaceIdOf = (username: string): SQL<number> =>
  piece(
    'namespace',
    { username },
    (v) =>
      sql`(select n.id from account n where n.username = ${v.username} and n.kind <> 'robot' and n.deleted_name is null)`,
  )

/** The name of an account, as a subquery. */
export const usernameOf = (accountId: SQL<number | null>): SQL<string> =>
  piece('username', { accountId }, (v) => sql`(select n.username from account n where n.id = ${v.accountId})`)
