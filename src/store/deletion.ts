import { and, eq, inArray, or, type SQL, sql } from 'drizzle-orm'
import {
  accessToken,
  account,
  accountNotice,
  authorizationCode,
  defaultGrant,
  emailCode,
  oauthApplication,
  repository,
  repositoryGrant,
  serviceKey,
  star,
  team,
  teamInvite,
  teamMember,
  tokenAssignment,
} from './schema.ts'
import type { Statement, Store } from './store.ts'

/** The organizations that would have no human admin left without this user, as the condition on an `account` row. */
const administersAlone = (accountId: number): SQL => sql`
  account.kind = 'organization'
  and exists (
    select 1 from team t join team_member m on m.team_id = t.id
    where t.organization_id = account.id and t.role = 3 and m.account_id = ${accountId})
  and not exists (
    select 1 from team t join team_member m on m.team_id = t.id join account a on a.id = m.account_id
    where t.organization_id = account.id and t.role = 3 and m.account_id <> ${accountId} and a.kind = 'user')`

/** Their names. */
export const administeredAlone = (store: Store, accountId: number) =>
  store
    .select({ username: account.username })
    .from(account)
    .where(administersAlone(accountId))
    .orderBy(account.username)

export const administersNoneAlone = (accountId: number): SQL =>
  sql`not exists (select 1 from account where ${administersAlone(accountId)})`

const teamsOf = (id: number) => sql`(select t.id from team t where t.organization_id = ${id})`
const robotsOf = (id: number) => sql`(select r.id from account r where r.owner_id = ${id} and r.kind = 'robot')`
const applicationsOf = (id: number) => sql`(select o.id from oauth_application o where o.namespace_id = ${id})`

/** Takes away everything that acts for a namespace or through it: teams, robots, applications and their tokens. */
export const dropAgents = (store: Store, id: number): Statement[] => [
  store.delete(teamInvite).where(or(inArray(teamInvite.teamId, teamsOf(id)), eq(teamInvite.accountId, id))),
  store.delete(teamInvite).where(eq(teamInvite.inviterId, id)),
  store
    .delete(teamMember)
    .where(
      or(
        inArray(teamMember.teamId, teamsOf(id)),
        eq(teamMember.accountId, id),
        inArray(teamMember.accountId, robotsOf(id)),
      ),
    ),
  store
    .delete(repositoryGrant)
    .where(or(inArray(repositoryGrant.teamId, teamsOf(id)), inArray(repositoryGrant.accountId, robotsOf(id)))),
  store
    .delete(defaultGrant)
    .where(
      or(
        eq(defaultGrant.organizationId, id),
        ...[defaultGrant.activatingAccountId, defaultGrant.delegateAccountId].flatMap((column) => [
          eq(column, id),
          inArray(column, robotsOf(id)),
        ]),
      ),
    ),
  store.delete(repositoryGrant).where(eq(repositoryGrant.accountId, id)),
  store.delete(team).where(eq(team.organizationId, id)),
  store.delete(accessToken).where(inArray(accessToken.applicationId, applicationsOf(id))),
  store.delete(authorizationCode).where(inArray(authorizationCode.applicationId, applicationsOf(id))),
  store.delete(tokenAssignment).where(inArray(tokenAssignment.applicationId, applicationsOf(id))),
  store.delete(tokenAssignment).where(eq(tokenAssignment.accountId, id)),
  store.delete(oauthApplication).where(eq(oauthApplication.namespaceId, id)),
  store
    .delete(accountNotice)
    .where(or(eq(accountNotice.accountId, id), inArray(accountNotice.accountId, robotsOf(id)))),
  store.delete(emailCode).where(eq(emailCode.accountId, id)),
  store.update(serviceKey).set({ approverId: null }).where(eq(serviceKey.approverId, id)),
  store.delete(account).where(and(eq(account.ownerId, id), eq(account.kind, 'robot'))),
]

/** The stars that people gave to a namespace's repositories. */
export const dropStars = (store: Store, id: number) =>
  store
    .delete(star)
    .where(inArray(star.repositoryId, sql`(select r.id from repository r where r.namespace_id = ${id})`))

/** Takes a namespace's repositories away for everybody; a job collects what was in them. */
export const dropRepositories = (store: Store, id: number, now: Date) =>
  store
    .update(repository)
    .set({ deletedAt: now, state: 'MARKED_FOR_DELETION', generation: sql`generation + 1` })
    .where(and(eq(repository.namespaceId, id), sql`deleted_at is null`))
    .returning({ name: repository.name })

/** Takes an account out of every lookup. Its old name stays taken until the row itself is gone. */
export const markDeleted = (store: Store, id: number) => {
  const nameless = crypto.randomUUID()
  return store
    .update(account)
    .set({
      enabled: false,
      deletedName: sql`username`,
      username: nameless,
      email: nameless,
      uuid: crypto.randomUUID(),
      passwordHash: null,
    })
    .where(and(eq(account.id, id), sql`deleted_name is null`))
}
