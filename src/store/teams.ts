import { and, asc, eq, getTableColumns, isNull, sql } from 'drizzle-orm'
import { prefixed, type RowId } from './columns.ts'
import { account, repository, repositoryGrant, team, teamInvite, teamMember } from './schema.ts'
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

/** Who administers an organization, once for each team that makes them so. */
export const administrators = (store: Store, organizationId: RowId) =>
  store
    .select({
      accountId: teamMember.accountId,
      teamId: teamMember.teamId,
      isUser: sql<boolean>`${account.kind} = 'user'`.mapWith(Boolean).as('is_user'),
    })
    .from(teamMember)
    .innerJoin(team, eq(team.id, teamMember.teamId))
    .innerJoin(account, eq(account.id, teamMember.accountId))
    .where(and(eq(team.organizationId, organizationId), eq(team.role, 3)))

/** The id of the team of that name, as a subquery. */
export const teamIdNamed = (organizationId: RowId, name: string) =>
  sql<number>`(select t.id from team t where t.organization_id = ${organizationId} and t.name = ${name})`

/** Whether an account is the namespace's robot or in one of its teams: to be selected from `account`, or an alias of it. */
export const isMemberOf = (namespaceId: RowId, table = 'account', name = 'is_member') =>
  sql<boolean>`(${sql.raw(table)}.owner_id is ${namespaceId} or exists (
    select 1 from team_member m join team t on t.id = m.team_id
    where m.account_id = ${sql.raw(table)}.id and t.organization_id = ${namespaceId}))`
    .mapWith(Boolean)
    .as(name)

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

/** A user or robot of that name, and whether it is of the organization. */
export const memberNamed = (store: Store, username: string, organizationId: RowId) =>
  store
    .select({ ...getTableColumns(account), isMember: isMemberOf(organizationId) })
    .from(account)
    .where(and(eq(account.username, username), sql`${account.kind} <> 'organization'`))

export type Member = Awaited<ReturnType<typeof memberNamed>>[number]

/** Who is in a team, in the order in which the accounts were made. */
export const membersOfTeam = (store: Store, teamId: RowId) =>
  store
    .select(getTableColumns(account))
    .from(teamMember)
    .innerJoin(account, eq(account.id, teamMember.accountId))
    .where(eq(teamMember.teamId, teamId))
    .orderBy(asc(account.id))

const invited = prefixed(
  { id: account.id, username: account.username, email: account.email, kind: account.kind },
  'invited',
)

/** The open invitations into a team; of those by e-mail the account is null. */
export const invitesInto = (store: Store, teamId: RowId) =>
  store
    .select({ ...getTableColumns(teamInvite), account: invited })
    .from(teamInvite)
    .leftJoin(account, eq(account.id, teamInvite.accountId))
    .where(eq(teamInvite.teamId, teamId))
    .orderBy(asc(teamInvite.id))

/** A user's open invitation into a team. */
export const inviteOf = (store: Store, organizationId: RowId, teamName: string, username: string) =>
  store
    .select()
    .from(teamInvite)
    .where(
      and(
        eq(teamInvite.teamId, teamIdNamed(organizationId, teamName)),
        sql`${teamInvite.accountId} = (select a.id from account a where a.username = ${username})`,
      ),
    )

/** An open invitation of an e-mail address into a team. */
export const inviteByEmail = (store: Store, organizationId: RowId, teamName: string, email: string) =>
  store
    .select()
    .from(teamInvite)
    .where(and(eq(teamInvite.teamId, teamIdNamed(organizationId, teamName)), eq(teamInvite.email, email)))

export type TeamInvite = typeof teamInvite.$inferSelect

/** The repositories that a team was granted a role on, in the order of the grants. */
export const repositoriesOfTeam = (store: Store, teamId: RowId) =>
  store
    .select({ name: repository.name, isPublic: repository.isPublic, role: repositoryGrant.role })
    .from(repositoryGrant)
    .innerJoin(repository, eq(repository.id, repositoryGrant.repositoryId))
    .where(and(eq(repositoryGrant.teamId, teamId), isNull(repository.deletedAt)))
    .orderBy(asc(repositoryGrant.id))

/** The invitation of that code, with the account that it is for, if it is for one. */
export const inviteWithCode = (store: Store, code: string) =>
  store
    .select({ ...getTableColumns(teamInvite), account: invited })
    .from(teamInvite)
    .leftJoin(account, eq(account.id, teamInvite.accountId))
    .where(eq(teamInvite.token, code))

/** What a user is invited into, by name or by a verified e-mail address, in the organization of the invitation of that code. */
export const invitesForUser = (store: Store, code: string, accountId: RowId) =>
  store
    .select({
      ...getTableColumns(teamInvite),
      organizationId: team.organizationId,
      team: team.name,
      teamRole: team.role,
      organization: sql<string>`(select o.username from account o where o.id = team.organization_id)`.as(
        'organization',
      ),
      inviter: sql<string>`(select i.username from account i where i.id = team_invite.inviter_id)`.as('inviter'),
      isInTeam: sql<boolean>`exists (
        select 1 from team_member m where m.team_id = team.id and m.account_id = ${accountId})`
        .mapWith(Boolean)
        .as('is_in_team'),
    })
    .from(teamInvite)
    .innerJoin(team, eq(team.id, teamInvite.teamId))
    .where(
      sql`${team.organizationId} = (
          select t.organization_id from team t join team_invite i on i.team_id = t.id where i.token = ${code})
        and (${teamInvite.accountId} = ${accountId} or ${teamInvite.email} = (
          select a.email from account a where a.id = ${accountId} and a.verified = 1))`,
    )
    .orderBy(asc(teamInvite.id))

export type InviteForUser = Awaited<ReturnType<typeof invitesForUser>>[number]
