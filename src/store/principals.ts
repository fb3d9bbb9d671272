import { eq, getTableColumns, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { Credential } from '../domain/token/credential.ts'
import { prefixed } from './columns.ts'
import { accessToken, account, appToken, oauthApplication } from './schema.ts'
import type { Store } from './store.ts'

const tokenColumns = prefixed(
  {
    id: accessToken.id,
    uuid: accessToken.uuid,
    secretHash: accessToken.secretHash,
    scope: accessToken.scope,
    expiresAt: accessToken.expiresAt,
    lastAccessedAt: accessToken.lastAccessedAt,
    clientId: oauthApplication.clientId,
    application: oauthApplication.name,
  },
  'token',
)
/** The namespace that a robot belongs to. `account` has an `owner_id` of its own, hence the prefix. */
const owner = alias(account, 'owner')
const ownerColumns = prefixed({ id: owner.id, username: owner.username, enabled: owner.enabled }, 'owned_by')
const appTokenColumns = prefixed(getTableColumns(appToken), 'app_token')

type Found<T extends Record<string, { _: { type: unknown } }>> = { [K in keyof T]: T[K]['_']['type'] }

/** The account behind a credential, with the token that it came in. */
export interface Principal {
  account: typeof account.$inferSelect
  token?: Found<typeof tokenColumns>
  appToken?: Found<typeof appTokenColumns>
  /** Of a robot: the namespace it belongs to. */
  owner?: Found<typeof ownerColumns>
}

/** The one row that a credential names, if it names any. `principalOf` reads it. */
export const principalRow = (store: Store, credential: Credential) =>
  store
    .select({ account, token: tokenColumns, appToken: appTokenColumns, owner: ownerColumns })
    .from(account)
    .leftJoin(accessToken, tokenOf(credential))
    .leftJoin(oauthApplication, eq(oauthApplication.id, accessToken.applicationId))
    .leftJoin(appToken, appTokenOf(credential))
    .leftJoin(owner, eq(owner.id, account.ownerId))
    .where(eq(account.id, accountIdOf(credential)))

export type PrincipalRow = Awaited<ReturnType<typeof principalRow>>[number]

export function principalOf(row: PrincipalRow | undefined): Principal | undefined {
  if (!row) return undefined
  const { token, appToken: app, owner } = row
  return {
    account: row.account,
    ...(token.id !== null && { token }),
    ...(app.id !== null && { appToken: app }),
    ...(owner.id !== null && { owner }),
  }
}

/** The account's id as a subquery, so that its rights can be read in the same round trip. Null where it names nobody. */
export function accountIdOf(credential: Credential): SQL<number | null> {
  switch (credential.kind) {
    case 'oauth':
      return sql`(select account_id from access_token where lookup = ${credential.lookup})`
    case 'app':
      return sql`(select account_id from app_token where lookup = ${credential.lookup})`
    case 'session':
      return sql`(select id from account where uuid = ${credential.uuid})`
    case 'registry':
      return credential.accountUuid === undefined
        ? sql`null`
        : sql`(select id from account where uuid = ${credential.accountUuid})`
    case 'robot':
      return sql`(select id from account where username = ${credential.username} and kind = 'robot')`
    case 'accessKey':
      return accountOfKey(credential.accessKey)
    case 'password':
      return sql`(select id from account where (username = ${credential.username} or email = ${credential.username}) and kind = 'user' order by username = ${credential.username} desc limit 1)`
    case 'none':
      return sql`null`
  }
}

function accountOfKey(key: string): SQL<number | null> {
  if (key.includes('+')) return sql`(select id from account where username = ${key} and kind = 'robot')`
  return key.includes('-')
    ? sql`(select account_id from app_token where uuid = ${key})`
    : sql`(select id from account where swr_id = ${key} and kind = 'user')`
}

function tokenOf(credential: Credential): SQL {
  if (credential.kind === 'oauth') return sql`${accessToken.lookup} = ${credential.lookup}`
  if (credential.kind === 'registry' && credential.tokenId !== undefined)
    return sql`${accessToken.id} = ${credential.tokenId}`
  return sql`false`
}

function appTokenOf(credential: Credential): SQL {
  if (credential.kind === 'app') return sql`${appToken.lookup} = ${credential.lookup}`
  if (credential.kind === 'accessKey') return sql`${appToken.uuid} = ${credential.accessKey}`
  if (credential.kind === 'registry' && credential.appTokenId !== undefined)
    return sql`${appToken.id} = ${credential.appTokenId}`
  return sql`false`
}

/** How much older than now a note of the last use may be before it is renewed. */
const useNoteMilliseconds = 60_000

export const isStale = (notedAt: Date | null | undefined, now: Date) =>
  !notedAt || now.getTime() - notedAt.getTime() >= useNoteMilliseconds

/** Notes that an OAuth token was used. */
export const noteTokenUse = (store: Store, tokenId: number, now: Date) =>
  store.update(accessToken).set({ lastAccessedAt: now }).where(eq(accessToken.id, tokenId))
