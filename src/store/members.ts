import { and, asc, eq, isNull, type SQL, sql } from 'drizzle-orm'
import { prefixed, type RowId } from './columns.ts'
import { account, repository, repositoryGrant, team, teamMember } from './schema.ts'
import type { Store } from './store.ts'

const person = { id: account.id, username: account.username, kind: account.kind, email: account.email }
const teamColumns = prefixed({ id: team.id, name: team.name, role: team.role }, 'team')

/** Users who are in teams of an organization: one row for each membership. */
export const memberships = (store: Store, organizationId: RowId) =>
  store
    .select({ ...person, team: teamColumns })
    .from(team)
    .innerJoin(teamMember, eq(teamMember.teamId, team.id))
    .innerJoin(account, and(eq(account.id, teamMember.accountId), eq(account.kind, 'user')))
    .where(eq(team.organizationId, organizationId))
    .orderBy(asc(account.id), asc(team.id))

/** A user, or a robot of the organization, with its teams there; without any, its team is null. */
export const memberWithTeams = (store: Store, organizationId: RowId, username: string) =>
  store
    .select({ ...person, ownerId: account.ownerId, team: teamColumns })
    .from(account)
    .leftJoin(
      team,
      sql`${team.organizationId} = ${organizationId}
        and exists (select 1 from team_member m where m.team_id = ${team.id} and m.account_id = ${account.id})`,
    )
    .where(and(eq(account.username, username), sql`${account.kind} <> 'organization'`))
    .orderBy(asc(team.id))

const grantedRepository = prefixed({ id: repository.id, name: repository.name }, 'repository')

/** Repositories of an organization on which accounts have grants of their own: one row for each grant. */
const directGrants = (store: Store, organizationId: RowId, whose: SQL) =>
  store
    .select({ ...person, repository: grantedRepository })
    .from(repositoryGrant)
    .innerJoin(account, eq(account.id, repositoryGrant.accountId))
    .innerJoin(repository, eq(repository.id, repositoryGrant.repositoryId))
    .where(and(eq(repository.namespaceId, organizationId), isNull(repository.deletedAt), whose))
    .orderBy(asc(account.id), asc(repositoryGrant.id))

/** Of everybody who is in a team of the organization. */
export const grantsOfMembers = (store: Store, organizationId: RowId) =>
  directGrants(
    store,
    organizationId,
    sql`${repositoryGrant.accountId} in (
      select m.account_id from team t join team_member m on m.team_id = t.id where t.organization_id = ${organizationId})`,
  )

/** Of one account. */
export const grantsOfMember = (store: Store, organizationId: RowId, username: string) =>
  directGrants(
    store,
    organizationId,
    sql`${repositoryGrant.accountId} = (select a.id from account a where a.username = ${username})`,
  )

/** Of users who are in no team of the organization. */
export const grantsOfCollaborators = (store: Store, organizationId: RowId) =>
  directGrants(
    store,
    organizationId,
    sql`${account.kind} = 'user' and not exists (
      select 1 from team_member m join team t on t.id = m.team_id
      where m.account_id = ${account.id} and t.organization_id = ${organizationId})`,
  )
