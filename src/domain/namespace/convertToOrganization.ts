import { and, eq, sql } from 'drizzle-orm'
import {
  accessToken,
  account,
  appToken,
  authorizationCode,
  emailCode,
  repositoryGrant,
  team,
  teamMember,
  tokenAssignment,
} from '../../store/schema.ts'
import { guard, type Statement, type Store } from '../../store/store.ts'
import { teamRank } from '../token/scope.ts'

/**
 * Makes a user an organization, with another user in its team `owners`. Whoever it was can't sign in any more: what it
 * held, and every token that spoke for it, is gone.
 */
export const conversion = (store: Store, userId: number, adminId: number): Statement[] => [
  guard(store, sql`exists (select 1 from account where id = ${userId} and kind = 'user' and deleted_name is null)`),
  ...[accessToken, appToken, authorizationCode, emailCode, tokenAssignment, repositoryGrant, teamMember].map(
    (table): Statement => store.delete(table).where(eq(table.accountId, userId)),
  ),
  store
    .update(account)
    .set({ kind: 'organization', passwordHash: null, uuid: crypto.randomUUID() })
    .where(eq(account.id, userId)),
  store.insert(team).values({ organizationId: userId, name: 'owners', role: teamRank('admin') }),
  joinAdmins(store, userId, adminId),
]

/** Fails the batch where no team administers the organization. */
export const hasAdmins = (store: Store, organizationId: number): Statement =>
  guard(store, sql`exists (select 1 from team where organization_id = ${organizationId} and role = 3)`)

/** Puts a user into the first team that administers the organization. */
export const joinAdmins = (store: Store, organizationId: number, userId: number): Statement =>
  store
    .insert(teamMember)
    .values({
      teamId: sql`(select id from team where ${and(eq(team.organizationId, organizationId), eq(team.role, teamRank('admin')))} order by id limit 1)`,
      accountId: userId,
    })
    .onConflictDoNothing()
