import type { Settings } from '../settings.ts'
import type { Principal } from '../store/principals.ts'
import type { Credential } from './token/credential.ts'
import { parseScopes, type Scopes } from './token/scope.ts'

export type Account = Principal['account']

/** Who asks, and with what. */
export interface Actor {
  account: Account
  scopes: Scopes
  /** The OAuth token that speaks for the account, where one does. */
  token?: { id: number; uuid: string; clientId: string; application: string; expiresAt: Date }
  /** The app-specific token that was its password, where one was. */
  appToken?: { id: number; uuid: string; title: string }
  /** When the account last gave its password, of a browser's session. */
  signedInAt?: Date
  isSuperuser: boolean
  isReadOnlySuperuser: boolean
}

/** The actor that a credential and what the store knows of it prove; undefined is anonymous. Passwords are not checked here. */
export function proveActor(
  credential: Credential,
  principal: Principal | undefined,
  settings: Settings,
  now: Date,
): Actor | undefined {
  if (!principal?.account.enabled) return undefined
  const { account, token, appToken, owner } = principal
  if (account.kind === 'organization') return undefined
  if (account.kind === 'robot' && !owner?.enabled) return undefined
  if (credential.kind === 'oauth' && (!token || token.secretHash !== credential.secretHash)) return undefined
  if (token && token.expiresAt <= now) return undefined
  if (credential.kind !== 'registry')
    return actorOf(account, token, settings, credential.kind === 'session' ? credential.signedInAt : undefined)
  if (account.encryptedToken && secretMark(account.encryptedToken) !== credential.mark) return undefined
  if (credential.tokenId !== undefined && token?.id !== credential.tokenId) return undefined
  if (credential.appTokenId === undefined) return actorOf(account, token, settings)
  if (appToken?.id !== credential.appTokenId || (appToken.expiresAt && appToken.expiresAt <= now)) return undefined
  const { id, uuid, title } = appToken
  return { ...actorOf(account, token, settings), appToken: { id, uuid, title } }
}

/** The actor that an account is, capped by its token where it came with one. */
export function actorOf(account: Account, token: Principal['token'], settings: Settings, signedInAt?: Date): Actor {
  const scopes: Scopes = token ? (parseScopes(token.scope) ?? new Set()) : 'all'
  const isReadOnlySuperuser = settings.GLOBAL_READONLY_SUPER_USERS.includes(account.username)
  const isListed = isSuperuserName(account.username, settings)
  return {
    account,
    scopes,
    ...(token && {
      token: {
        id: token.id,
        uuid: token.uuid,
        clientId: token.clientId,
        application: token.application,
        expiresAt: token.expiresAt,
      },
    }),
    ...(signedInAt && { signedInAt }),
    isSuperuser: isListed && !isReadOnlySuperuser && (scopes === 'all' || scopes.has('super:user')),
    isReadOnlySuperuser,
  }
}

/** Tells one robot token from the next without giving anything of it away: the end of its sealed form. */
export const secretMark = (sealed: string) => sealed.slice(-16)

/** Whether the settings make the user of this name a superuser. */
export const isSuperuserName = (username: string, settings: Settings) =>
  settings.FEATURE_SUPER_USERS && settings.SUPER_USERS.includes(username)

/** Whether the superuser passes every check of a repository's or an organization's rights. */
export const hasFullAccess = (actor: Actor | undefined, settings: Settings) =>
  Boolean(actor?.isSuperuser && settings.FEATURE_SUPERUSERS_FULL_ACCESS)

/** Whether the actor may create nothing in its own name (FEATURE_RESTRICTED_USERS): no repositories, organizations, robots. */
export const isRestricted = (actor: Actor, settings: Settings) =>
  settings.FEATURE_RESTRICTED_USERS &&
  !actor.isSuperuser &&
  !settings.RESTRICTED_USERS_WHITELIST.includes(actor.account.username)
