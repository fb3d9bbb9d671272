import { and, asc, eq, getTableColumns, isNull, or, type SQL, sql } from 'drizzle-orm'
import { prefixed, type RowId } from './columns.ts'
import { account, defaultGrant, repositoryGrant, team } from './schema.ts'
import type { Store } from './store.ts'
import { isMemberOf } from './teams.ts'

/** The default permissions that apply to a repository which this account creates in the namespace, in order. */
export const defaultGrantsFor = (store: Store, namespaceId: RowId, creatorId: number | SQL<number | null>) =>
  store
    .select()
    .from(defaultGrant)
    .where(
      and(
        eq(defaultGrant.organizationId, namespaceId),
        or(isNull(defaultGrant.activatingAccountId), sql`${defaultGrant.activatingAccountId} = ${creatorId}`),
      ),
    )
    .orderBy(asc(defaultGrant.id))

export type DefaultGrant = Awaited<ReturnType<typeof defaultGrantsFor>>[number]

const roleOfGrant = prefixed({ role: repositoryGrant.role }, 'grant').role

/** Every user and robot with a grant of its own on a repository, in the order of the grants. */
export const userGrants = (store: Store, repositoryId: RowId, namespaceId: RowId) =>
  store
    .select({ ...getTableColumns(account), role: roleOfGrant, isMember: isMemberOf(namespaceId) })
    .from(repositoryGrant)
    .innerJoin(account, eq(account.id, repositoryGrant.accountId))
    .where(eq(repositoryGrant.repositoryId, repositoryId))
    .orderBy(asc(repositoryGrant.id))

export type UserGrant = Awaited<ReturnType<typeof userGrants>>[number]

/** A user or robot by name, with the grant of its own that it has on a repository: its role is null where it has none. */
export const userWithGrant = (store: Store, username: string, repositoryId: RowId, namespaceId: RowId) =>
  store
    .select({
      ...getTableColumns(account),
      role: sql<number | null>`(
        select g.role from repository_grant g
        where g.repository_id = ${repositoryId} and g.account_id = account.id)`.as('grant_role'),
      isMember: isMemberOf(namespaceId),
    })
    .from(account)
    .where(and(eq(account.username, username), sql`${account.kind} <> 'organization'`))

export type UserWithGrant = Awaited<ReturnType<typeof userWithGrant>>[number]

/** Every team with a grant on a repository, in the order of the grants. */
export const teamGrants = (store: Store, repositoryId: RowId) =>
  store
    .select({ name: team.name, role: repositoryGrant.role })
    .from(repositoryGrant)
    .innerJoin(team, eq(team.id, repositoryGrant.teamId))
    .where(eq(repositoryGrant.repositoryId, repositoryId))
    .orderBy(asc(repositoryGrant.id))

/** A team by name, with the role that it was granted on a repository, if any. */
export const teamWithGrant = (store: Store, name: string, repositoryId: RowId, namespaceId: RowId) =>
  store
    .select({
      id: team.id,
      name: team.name,
      role: sql<number | null>`(
        select g.role from repository_grant g
        where g.repository_id = ${repositoryId} and g.team_id = team.id)`.as('grant_role'),
    })
    .from(team)
    .where(and(eq(team.organizationId, namespaceId), eq(team.name, name)))

export type TeamWithGrant = Awaited<ReturnType<typeof teamWithGrant>>[number]

/** The roles that an account has on a repository by itself and through its teams, one for each grant. */
export const rolesOf = (store: Store, username: string, repositoryId: RowId) =>
  store
    .select({ role: repositoryGrant.role })
    .from(repositoryGrant)
    .where(
      and(
        eq(repositoryGrant.repositoryId, repositoryId),
        sql`(account_id = (select a.id from account a where a.username = ${username}) or team_id in (
          select m.team_id from team_member m join account a on a.id = m.account_id where a.username = ${username}))`,
      ),
    )
    .orderBy(asc(repositoryGrant.id))
