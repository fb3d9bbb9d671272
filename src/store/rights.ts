import { and, eq, getTableColumns, isNull, ne, type SQL, sql } from 'drizzle-orm'
import { prefixed } from './columns.ts'
import { piece, type RowOf, reusable } from './reusable.ts'
import { account, repository } from './schema.ts'

const namespaceColumns = {
  id: account.id,
  kind: account.kind,
  username: account.username,
  enabled: account.enabled,
  email: account.email,
  invoiceEmail: account.invoiceEmail,
  invoiceEmailAddress: account.invoiceEmailAddress,
  tagExpirationSeconds: account.tagExpirationSeconds,
  deletedName: account.deletedName,
}
const repositoryColumns = prefixed(getTableColumns(repository), 'repository')

/** `namespace/name`, as a client names a repository. */
export interface RepositoryPath {
  namespace: string
  name: string
}

/**
 * A namespace, the repository of that name in it, and what an account holds on both: one row, or none where there is
 * no such namespace. Ranks are 0 to 3. `rightsOf` reads it.
 */
export const rightsRow = reusable(
  (accountId: SQL<number | null>, path: { namespace: string | SQL<string>; name: string }, now: Date) => ({
    accountId,
    ...path,
    now,
  }),
  (store, { accountId, namespace, name, now }) =>
    store
      .select({
        namespace: namespaceColumns,
        repository: repositoryColumns,
        teamRank: sql<number | null>`(
        select max(t.role) from team_member m join team t on t.id = m.team_id
        where m.account_id = ${accountId} and t.organization_id = ${account.id})`.as('team_rank'),
        directRank: sql<number | null>`(
        select role from repository_grant where repository_id = ${repository.id} and account_id = ${accountId})`.as(
          'direct_rank',
        ),
        teamGrantRank: sql<number | null>`(
        select max(g.role) from repository_grant g
        join team_member m on m.team_id = g.team_id and m.account_id = ${accountId}
        where g.repository_id = ${repository.id} and g.team_id is not null)`.as('team_grant_rank'),
        changesAt: sql<number | null>`(
        select min(expires_at) from tag where repository_id = ${repository.id} and expires_at > ${now})`.as(
          'changes_at',
        ),
      })
      .from(account)
      .leftJoin(
        repository,
        and(eq(repository.namespaceId, account.id), eq(repository.name, name), isNull(repository.deletedAt)),
      )
      .where(and(eq(account.username, namespace), ne(account.kind, 'robot'), isNull(account.deletedName))),
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
  /** When the next planned end of a tag will change what the repository shows. */
  changesAt: Date | undefined
}

export function rightsOf(row: RightsRow | undefined): Rights | undefined {
  if (!row) return undefined
  return {
    namespace: row.namespace,
    repository: row.repository.id === null ? undefined : (row.repository as Repository),
    teamRank: row.teamRank ?? 0,
    grantRank: Math.max(row.directRank ?? 0, row.teamGrantRank ?? 0),
    changesAt: row.changesAt === null ? undefined : new Date(row.changesAt),
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
