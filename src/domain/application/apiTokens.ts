import { eq, sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { Settings } from '../../settings.ts'
import { type ApiToken, type Application, tokenCount } from '../../store/applications.ts'
import { accessToken } from '../../store/schema.ts'
import { commit, guard, type Store } from '../../store/store.ts'
import type { Actor } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { grantAccessToken, tokenLifetimeSeconds } from '../token/grantAccessToken.ts'
import { coversScopes, parseScopes, type Scope } from '../token/scope.ts'

export interface NewApiToken extends Origin {
  /** Administers the application's organization: that much has been checked. */
  actor: Actor
  application: Application
  name: string
  /** Scopes as the caller wrote them. */
  scope: string
  lifetimeSeconds: number | undefined
  settings: Settings
}

/** Mints a token that speaks for the actor. It can do no more than what it was asked for with. */
export async function createApiToken(store: Store, wanted: NewApiToken): Promise<{ token: ApiToken; text: string }> {
  const { actor, application, now, settings } = wanted
  const name = wanted.name.trim()
  if (name === '') throw new RegistryError('rule', "'name' must not be empty")
  const scopes = parseScopes(wanted.scope.split(/[ ,]+/).filter(Boolean).join(' '))
  if (!scopes) throw new RegistryError('rule', `Invalid scope: ${wanted.scope}`)
  if (!mayMint(actor, scopes)) throw new RegistryError('denied', 'a token never exceeds who asks for it')
  const most = settings.OAUTH_APPLICATION_MAXIMUM_TOKEN_COUNT
  const isBelowMost = most === undefined ? undefined : sql`${tokenCount(application.id, now)} < ${most}`
  if (isBelowMost) {
    const [[row]] = await store.batch([
      store.select({ fits: sql<boolean>`${isBelowMost}`.mapWith(Boolean).as('fits') }).from(sql`(select 1)`),
    ])
    const text = `Token limit reached: maximum ${most} non-expired tokens per application`
    if (!row?.fits) throw new RegistryError('rule', text)
  }
  const scope = [...scopes].join(' ')
  const lifetimeSeconds = Math.min(Math.trunc(wanted.lifetimeSeconds ?? tokenLifetimeSeconds), tokenLifetimeSeconds)
  const { id } = actor.account
  const { text, uuid, insert } = await grantAccessToken(store, {
    applicationId: application.id,
    accountId: id,
    createdById: id,
    name,
    scope,
    lifetimeSeconds,
    now,
  })
  const [[created]] = await commit(store, [
    insert,
    ...(isBelowMost ? [guard(store, sql`${tokenCount(application.id, now)} <= ${most}`)] : []),
    recordEvent(store, wanted, {
      kind: 'create_oauth_api_token',
      namespaceId: application.namespaceId,
      metadata: {
        oauth_token_uuid: uuid,
        scope,
        token_display_name: name,
        application_name: application.name,
        auth_method: 'OAuth',
        client_id: application.clientId,
      },
    }),
  ])
  return { token: { ...(created as NonNullable<typeof created>), creatorName: actor.account.username }, text }
}

/** Whether the actor holds all of that now: the rest follows from administering the organization, or is one's own. */
function mayMint(actor: Actor, asked: ReadonlySet<Scope>): boolean {
  if (actor.scopes !== 'all' && !coversScopes(actor.scopes, asked)) return false
  return !asked.has('super:user') || actor.isSuperuser
}

export interface ApiTokenRevocation extends Origin {
  application: Application
  token: { id: number; uuid: string }
}

/** Ends a token of an application. */
export async function revokeApiToken(store: Store, { application, token, ...origin }: ApiTokenRevocation) {
  await commit(store, [
    store.delete(accessToken).where(eq(accessToken.id, token.id)),
    recordEvent(store, origin, {
      kind: 'revoke_oauth_api_token',
      namespaceId: application.namespaceId,
      metadata: { oauth_token_uuid: token.uuid, application_name: application.name, client_id: application.clientId },
    }),
  ])
}
