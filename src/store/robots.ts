import { and, asc, desc, eq, getTableColumns, inArray, isNull, sql } from 'drizzle-orm'
import { prefixed, type RowId } from './columns.ts'
import { account, repository, repositoryGrant, team, teamMember } from './schema.ts'
import type { Store } from './store.ts'

export type Robot = typeof account.$inferSelect

/** A namespace's robot by its short name. */
export const robotNamed = (store: Store, ownerId: RowId, shortName: string) =>
  store
    .select()
    .from(account)
    .where(
      and(
        sql`${account.username} = (select o.username from account o where o.id = ${ownerId}) || '+' || ${shortName}`,
        eq(account.ownerId, ownerId),
      ),
    )

/** The id of a namespace's robot, as a subquery. */
export const robotIdNamed = (ownerId: RowId, shortName: string) =>
  sql<number>`(select r.id from account r join account o on o.id = r.owner_id
    where o.id = ${ownerId} and r.username = o.username || '+' || ${shortName})`

/** The robots of a namespace, those used last first. */
export const robotsOf = (store: Store, ownerId: RowId, limit = -1) =>
  store
    .select()
    .from(account)
    .where(eq(account.ownerId, ownerId))
    .orderBy(desc(account.lastAccessedAt), asc(account.id))
    .limit(limit)

const chosen = (store: Store, ownerId: RowId, limit = -1) =>
  store
    .select({ id: account.id })
    .from(account)
    .where(eq(account.ownerId, ownerId))
    .orderBy(desc(account.lastAccessedAt), asc(account.id))
    .limit(limit)

/** The teams of the same robots, one row for each membership. */
export const teamsOfRobots = (store: Store, ownerId: RowId, limit?: number) =>
  store
    .select({ robotId: teamMember.accountId, name: team.name })
    .from(teamMember)
    .innerJoin(team, eq(team.id, teamMember.teamId))
    .where(inArray(teamMember.accountId, chosen(store, ownerId, limit)))
    .orderBy(asc(team.id))

/** The repositories on which the same robots have grants of their own, one row for each. */
export const repositoriesOfRobots = (store: Store, ownerId: RowId, limit?: number) =>
  store
    .select({ robotId: repositoryGrant.accountId, name: repository.name })
    .from(repositoryGrant)
    .innerJoin(repository, eq(repository.id, repositoryGrant.repositoryId))
    .where(and(inArray(repositoryGrant.accountId, chosen(store, ownerId, limit)), isNull(repository.deletedAt)))
    .orderBy(asc(repositoryGrant.id))

const grantOf = prefixed({ role: repositoryGrant.role }, 'grant')

/** The repositories on which one account has a grant of its own, with the role. */
export const repositoriesOfAccount = (store: Store, accountId: RowId) =>
  store
    .select({ ...getTableColumns(repository), role: grantOf.role })
    .from(repositoryGrant)
    .innerJoin(repository, eq(repository.id, repositoryGrant.repositoryId))
    .where(and(eq(repositoryGrant.accountId, accountId), isNull(repository.deletedAt)))
    .orderBy(asc(repositoryGrant.id))
