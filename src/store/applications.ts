import { and, asc, desc, eq, getTableColumns, gt, lt, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { allPrefixed, type RowId } from './columns.ts'
import { accessToken, account, authorizationCode, oauthApplication, tokenAssignment } from './schema.ts'
import type { Statement, Store } from './store.ts'

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

/** An application, who owns it, and an account's rank (0 to 3) in the owning organization. */
export const applicationFor = (store: Store, clientId: string, accountId: SQL<number | null>) =>
  store
    .select({
      application: allPrefixed(oauthApplication, 'application'),
      owner: account,
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

const creator = alias(account, 'creator')
const tokenFields = {
  id: accessToken.id,
  uuid: accessToken.uuid,
  name: accessToken.name,
  scope: accessToken.scope,
  createdAt: accessToken.createdAt,
  expiresAt: accessToken.expiresAt,
  lastAccessedAt: accessToken.lastAccessedAt,
  creatorName: sql<string | null>`${creator.username}`.as('creator_name'),
}

/** The tokens of an application that have not run out, newest first. One more row than `limit` where there are more. */
export const tokensPage = (
  store: Store,
  applicationId: RowId,
  { now, beforeId = Number.MAX_SAFE_INTEGER, limit }: { now: Date; beforeId?: number | undefined; limit: number },
) =>
  store
    .select(tokenFields)
    .from(accessToken)
    .leftJoin(creator, eq(creator.id, accessToken.createdById))
    .where(
      and(
        eq(accessToken.applicationId, sql`${applicationId}`),
        gt(accessToken.expiresAt, now),
        lt(accessToken.id, beforeId),
      ),
    )
    .orderBy(desc(accessToken.id))
    .limit(limit + 1)

export type ApiToken = Awaited<ReturnType<typeof tokensPage>>[number]

/** A token of that application. */
export const tokenIn = (store: Store, applicationId: RowId, uuid: string) =>
  store
    .select({ id: accessToken.id, uuid: accessToken.uuid })
    .from(accessToken)
    .where(and(eq(accessToken.applicationId, sql`${applicationId}`), eq(accessToken.uuid, uuid)))

/** How many tokens of an application have not run out. */
export const tokenCount = (applicationId: number, now: Date): SQL<number> =>
  sql`(select count(*) from access_token where application_id = ${applicationId} and expires_at > ${now.getTime()})`

/** The id of an application of a namespace, as a subquery. */
export const applicationIdIn = (namespaceId: SQL<number>, clientId: string): SQL<number> =>
  sql`(select o.id from oauth_application o where o.namespace_id = ${namespaceId} and o.client_id = ${clientId})`

/** What dies with an application. */
export const dropApplication = (store: Store, id: number): Statement[] => [
  ...[accessToken, authorizationCode, tokenAssignment].map(
    (table): Statement => store.delete(table).where(eq(table.applicationId, id)),
  ),
  store.delete(oauthApplication).where(eq(oauthApplication.id, id)),
]

/** A code of an application, and whether who granted it may still sign in. */
export const codeOfApplication = (store: Store, clientId: string, lookup: string) =>
  store
    .select({
      ...getTableColumns(authorizationCode),
      isEnabled: sql<boolean>`${account.enabled} and ${account.kind} = 'user'`.mapWith(Boolean).as('is_enabled'),
    })
    .from(authorizationCode)
    .innerJoin(account, eq(account.id, authorizationCode.accountId))
    .where(
      and(
        eq(authorizationCode.lookup, lookup),
        eq(authorizationCode.applicationId, sql`(select id from oauth_application where client_id = ${clientId})`),
      ),
    )

export type CodeRow = Awaited<ReturnType<typeof codeOfApplication>>[number]

/** The scopes of what an account has granted an application and that has not run out. */
export const grantedScopes = (store: Store, accountId: SQL<number | null>, clientId: string, now: Date) =>
  store
    .selectDistinct({ scope: accessToken.scope })
    .from(accessToken)
    .where(
      and(
        eq(accessToken.accountId, accountId),
        eq(accessToken.applicationId, sql`(select id from oauth_application where client_id = ${clientId})`),
        gt(accessToken.expiresAt, now),
      ),
    )

/** By its client id, whoever owns it. */
export const applicationNamed = (store: Store, clientId: string) =>
  store.select().from(oauthApplication).where(eq(oauthApplication.clientId, clientId))

/** Authorization codes that were given before that instant. */
export const dropCodesBefore = (store: Store, instant: Date) =>
  store.delete(authorizationCode).where(lt(authorizationCode.createdAt, instant))
