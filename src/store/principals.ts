import { eq, getTableColumns, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { Credential } from '../domain/token/credential.ts'
import { prefixed } from './columns.ts'
import { piece, type RowOf, reusable } from './reusable.ts'
import { accessToken, account, appToken, oauthApplication } from './schema.ts'
import type { Store } from './store.ts'

export const tokenColumns = prefixed(
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
export const owner = alias(account, 'owner')
export const ownerColumns = prefixed({ id: owner.id, username: owner.username, enabled: owner.enabled }, 'owned_by')
export const appTokenColumns = prefixed(getTableColumns(appToken), 'app_token')

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
export const principalRow = reusable(
  (credential: Credential) => shownBy(credential),
  (store, given) =>
    store
      .select({ account, token: tokenColumns, appToken: appTokenColumns, owner: ownerColumns })
      .from(account)
      .leftJoin(accessToken, given.token)
      .leftJoin(oauthApplication, eq(oauthApplication.id, accessToken.applicationId))
      .leftJoin(appToken, given.appToken)
      .leftJoin(owner, eq(owner.id, account.ownerId))
      .where(eq(account.id, given.accountId)),
)

export type PrincipalRow = RowOf<typeof principalRow>

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

/** What a credential names: the account, and which token it came in. */
export const shownBy = (credential: Credential) => ({
  accountId: accountIdOf(credential),
  token: tokenOf(credential),
  appToken: appTokenOf(credential),
})

/** The account's id as a subquery, so that its rights can be read in the same round trip. Null where it names nobody. */
export function accountIdOf(credential: Credential): SQL<number | null> {
  switch (credential.kind) {
    case 'oauth': {
      const { lookup } = credential
      return piece('token', { lookup }, (v) => sql`(select account_id from access_token where lookup = ${v.lookup})`)
    }
    case 'app': {
      const { lookup } = credential
      return piece('app token', { lookup }, (v) => sql`(select account_id from app_token where lookup = ${v.lookup})`)
    }
    case 'session':
      return accountOfUuid(credential.uuid)
    case 'registry':
      return credential.accountUuid === undefined ? nobody() : accountOfUuid(credential.accountUuid)
    case 'robot':
      return robotNamed(credential.username)
    case 'accessKey':
      return accountOfKey(credential.accessKey)
    case 'password': {
      const { username } = credential
      return piece(
        'login',
        { username },
        (v) =>
          sql`(select id from account where (username = ${v.username} or email = ${v.username}) and kind = 'user' order by username = ${v.username} desc limit 1)`,
      )
    }
    case 'none':
      return nobody()
  }
}

const nobody = () => piece('nobody', {}, () => sql<null>`null`)

const accountOfUuid = (uuid: string) =>
  piece('uuid', { uuid }, (v) => sql<number>`(select id from account where uuid = ${v.uuid})`)

const robotNamed = (username: string) =>
  piece(
    'robot',
    { username },
    (v) => sql<number>`(select id from account where username = ${v.username} and kind = 'robot')`,
  )

function accountOfKey(key: string): SQL<number | null> {
  if (key.includes('+')) return robotNamed(key)
  return key.includes('-')
    ? piece('app key', { key }, (v) => sql`(select account_id from app_token where uuid = ${v.key})`)
    : piece('user key', { key }, (v) => sql`(select id from account where swr_id = ${v.key} and kind = 'user')`)
}

const none = () => piece('none', {}, () => sql`false`)

function tokenOf(credential: Credential): SQL {
  if (credential.kind === 'oauth')
    return piece('lookup', { lookup: credential.lookup }, (v) => sql`${accessToken.lookup} = ${v.lookup}`)
  if (credential.kind === 'registry' && credential.tokenId !== undefined)
    return piece('id', { id: credential.tokenId }, (v) => sql`${accessToken.id} = ${v.id}`)
  return none()
}

function appTokenOf(credential: Credential): SQL {
  if (credential.kind === 'app')
    return piece('lookup', { lookup: credential.lookup }, (v) => sql`${appToken.lookup} = ${v.lookup}`)
  if (credential.kind === 'accessKey')
    return piece('uuid', { uuid: credential.accessKey }, (v) => sql`${appToken.uuid} = ${v.uuid}`)
  if (credential.kind === 'registry' && credential.appTokenId !== undefined)
    return piece('id', { id: credential.appTokenId }, (v) => sql`${appToken.id} = ${v.id}`)
  return none()
}

/** How much older than now a note of the last use may be before it is renewed. */
const useNoteMilliseconds = 60_000

export const isStale = (notedAt: Date | null | undefined, now: Date) =>
  !notedAt || now.getTime() - notedAt.getTime() >= useNoteMilliseconds

/** Notes that an OAuth token was used. */
export const noteTokenUse = (store: Store, tokenId: number, now: Date) =>
  store.update(accessToken).set({ lastAccessedAt: now }).where(eq(accessToken.id, tokenId))
