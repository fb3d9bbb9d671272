import { and, asc, eq, type SQL, sql } from 'drizzle-orm'
import { prefixed } from './columns.ts'
import { account, oauthApplication, tokenAssignment } from './schema.ts'
import type { Store } from './store.ts'

export type Application = typeof oauthApplication.$inferSelect

/** The applications of a namespace, oldest first. */
export const applicationsOf = (store: Store, namespaceId: number | SQL<number>) =>
  store
    .select()
    .from(oauthApplication)
    .where(eq(oauthApplication.namespaceId, namespaceId))
    .orderBy(asc(oauthApplication.id))

/** An application of that namespace; one of another namespace is unknown. */
export const applicationIn = (store: Store, namespaceId: number | SQL<number>, clientId: string) =>
  store
    .select()
    .from(oauthApplication)
    .where(and(eq(oauthApplication.namespaceId, namespaceId), eq(oauthApplication.clientId, clientId)))

const owner = prefixed(
  { id: account.id, username: account.username, email: account.email, kind: account.kind },
  'owner',
)

/** An application, who owns it, and an account's rank (0 to 3) in the owning organization. */
export const applicationFor = (store: Store, clientId: string, accountId: SQL<number | null>) =>
  store
    .select({
      application: oauthApplication,
      owner,
      rank: sql<number>`coalesce((
        select max(t.role) from team_member m join team t on t.id = m.team_id
        where m.account_id = ${accountId} and t.organization_id = ${oauthApplication.namespaceId}), 0)`.as('rank'),
    })
    .from(oauthApplication)
    .innerJoin(account, eq(account.id, oauthApplication.namespaceId))
    .where(eq(oauthApplication.clientId, clientId))

export type ApplicationFor = Awaited<ReturnType<typeof applicationFor>>[number]

/** An offer of a token of an application to an account. */
export const assignmentTo = (store: Store, accountId: SQL<number | null>, clientId: string, uuid: string) =>
  store
    .select({ id: tokenAssignment.id, scope: tokenAssignment.scope })
    .from(tokenAssignment)
    .where(
      and(
        eq(tokenAssignment.uuid, uuid),
        eq(tokenAssignment.accountId, sql`${accountId}`),
        eq(tokenAssignment.applicationId, sql`(select id from oauth_application where client_id = ${clientId})`),
      ),
    )

export type Assignment = Awaited<ReturnType<typeof assignmentTo>>[number]
