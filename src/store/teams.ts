import { and, asc, eq, getTableColumns, sql } from 'drizzle-orm'
import type { RowId } from './columns.ts'
import { account, team, teamMember } from './schema.ts'
import type { Store } from './store.ts'

export type Team = typeof team.$inferSelect

export const teamNamed = (store: Store, organizationId: RowId, name: string) =>
  store
    .select()
    .from(team)
    .where(and(eq(team.organizationId, organizationId), eq(team.name, name)))

export type TeamSummary = Awaited<ReturnType<typeof teamsOf>>[number]

/** All teams of an organization in the order of their creation, with what they count and whether the caller is in them. */
export const teamsOf = (store: Store, organizationId: RowId, callerId: RowId) =>
  store
    .select({
      ...getTableColumns(team),
      memberCount: sql<number>`(select count(*) from team_member m where m.team_id = team.id)`.as('member_count'),
      repositoryCount: sql<number>`(
        select count(*) from repository_grant g join repository r on r.id = g.repository_id
        where g.team_id = team.id and r.deleted_at is null)`.as('repository_count'),
      hasCaller: sql<boolean>`exists (
        select 1 from team_member m where m.team_id = team.id and m.account_id = ${callerId})`
        .mapWith(Boolean)
        .as('has_caller'),
    })
    .from(team)
    .where(eq(team.organizationId, organizationId))
    .orderBy(asc(team.id))

/** The teams of an organization that an account is in. */
export const teamsOfMember = (store: Store, organizationId: RowId, accountId: RowId) =>
  store
    .select(getTableColumns(team))
    .from(team)
    .innerJoin(teamMember, eq(teamMember.teamId, team.id))
    .where(and(eq(team.organizationId, organizationId), eq(teamMember.accountId, accountId)))
    .orderBy(asc(team.id))

/** The id of the team of that name, as a subquery. */
export const teamIdNamed = (organizationId: RowId, name: string) =>
  sql<number>`(select t.id from team t where t.organization_id = ${organizationId} and t.name = ${name})`

/** A user or robot of that name, and whether it is in the team and in any team of the organization. */
export const candidateNamed = (store: Store, username: string, organizationId: RowId, teamName: string) =>
  store
    .select({
      ...getTableColumns(account),
      isInTeam: sql<boolean>`exists (
        select 1 from team_member m
        where m.account_id = account.id and m.team_id = ${teamIdNamed(organizationId, teamName)})`
        .mapWith(Boolean)
        .as('is_in_team'),
      isInOrganization: sql<boolean>`exists (
        select 1 from team_member m join team t on t.id = m.team_id
        where m.account_id = account.id and t.organization_id = ${organizationId})`
        .mapWith(Boolean)
        .as('is_in_organization'),
    })
    .from(account)
    .where(and(eq(account.username, username), sql`${account.kind} <> 'organization'`))

export type Candidate = Awaited<ReturnType<typeof candidateNamed>>[number]
