import { and, asc, desc, eq, gt, isNull, type SQL, sql } from 'drizzle-orm'
import { piece } from './reusable.ts'
import { account, teamInvite } from './schema.ts'
import type { Store } from './store.ts'

/** Who has a name already, or had it until its deletion, which is not over. */
export const accountNamed = (store: Store, username: string) =>
  store
    .select()
    .from(account)
    .where(sql`${account.username} = ${username} or ${account.deletedName} = ${username}`)
    .limit(1)

/** The user who has an e-mail address. */
export const userWithEmail = (store: Store, email: string) =>
  store.select().from(account).where(sql`${account.email} = ${email} and ${account.kind} = 'user'`).limit(1)

/** The organizations that have an e-mail address, with the names of who administers them as a JSON text. */
export const organizationsWithEmail = (store: Store, email: string) =>
  store
    .select({
      id: account.id,
      uuid: account.uuid,
      kind: account.kind,
      username: account.username,
      email: account.email,
      admins: sql<string>`(
        select json_group_array(a.username) from account a
        where a.kind = 'user' and a.id in (
          select m.account_id from team_member m join team t on t.id = m.team_id
          where t.organization_id = account.id and t.role = 3))`.as('admins'),
    })
    .from(account)
    .where(sql`${account.kind} = 'organization' and ${account.email} = ${email} and ${account.deletedName} is null`)
    .orderBy(asc(account.id))
    .limit(20)

/** The id of the account of that name, as a subquery: lets one batch insert an account and what belongs to it. */
export const accountIdNamed = (username: string): SQL<number> =>
  piece('account', { username }, (v) => sql`(select id from account where username = ${v.username})`)

/** Any account at all. */
export const anyAccount = (store: Store) => store.select({ id: account.id }).from(account).limit(1)

/** The id of an application by its client id, as a subquery. */
export const applicationIdOf = (clientId: string): SQL<number> =>
  sql`(select id from oauth_application where client_id = ${clientId})`

/** The user who signs in with this name, or else this e-mail address. */
export const userForLogin = (store: Store, login: string) =>
  store
    .select()
    .from(account)
    .where(sql`(${account.username} = ${login} or ${account.email} = ${login}) and ${account.kind} = 'user'`)
    .orderBy(desc(sql`${account.username} = ${login}`))
    .limit(1)

/**
 * The organizations that an account is in a team of, and those that are everybody's, with the account's rank in each
 * (0 to 3).
 */
export const organizationsOf = (store: Store, accountId: SQL<number | null>, everybodys: readonly string[]) =>
  store
    .select({
      username: account.username,
      email: account.email,
      rank: sql<number>`coalesce((
        select max(t.role) from team_member m join team t on t.id = m.team_id
        where m.account_id = ${accountId} and t.organization_id = account.id), 0)`.as('rank'),
    })
    .from(account)
    .where(
      sql`${account.kind} = 'organization' and (
        ${account.id} in (
          select t.organization_id from team_member m join team t on t.id = m.team_id where m.account_id = ${accountId})
        or ${account.username} in (select value from json_each(${JSON.stringify(everybodys)})))`,
    )
    .orderBy(account.id)

export type OrganizationOfUser = Awaited<ReturnType<typeof organizationsOf>>[number]

/** An invitation into a team, by the code that was sent with it. */
export const inviteByCode = (store: Store, code: string) =>
  store.select().from(teamInvite).where(eq(teamInvite.token, code))

/** A user by name; not one that is being deleted. */
export const userNamed = (store: Store, username: string) =>
  store
    .select()
    .from(account)
    .where(and(eq(account.username, username), eq(account.kind, 'user'), isNull(account.deletedName)))

/** Users or organizations in the order of their ids; those that are being deleted are none. */
export const accountsPage = (
  store: Store,
  kind: 'user' | 'organization',
  { afterId = 0, limit, enabledOnly = false }: { afterId?: number; limit?: number; enabledOnly?: boolean },
) => {
  const all = store
    .select()
    .from(account)
    .where(
      and(
        eq(account.kind, kind),
        gt(account.id, afterId),
        isNull(account.deletedName),
        enabledOnly ? eq(account.enabled, true) : undefined,
      ),
    )
    .orderBy(asc(account.id))
  return limit === undefined ? all : all.limit(limit + 1)
}

/** An organization by name. */
export const organizationNamed = (store: Store, username: string) =>
  store
    .select()
    .from(account)
    .where(and(eq(account.username, username), eq(account.kind, 'organization'), isNull(account.deletedName)))
