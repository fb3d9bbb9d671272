import { eq, sql } from 'drizzle-orm'
import type { ApplicationFor, Assignment } from '../../store/applications.ts'
import { tokenAssignment } from '../../store/schema.ts'
import { commit, guard, type Store } from '../../store/store.ts'
import type { Actor } from '../actor.ts'
import { recordEvent } from '../event/recordEvent.ts'
import { grantAccessToken, tokenLifetimeSeconds } from '../token/grantAccessToken.ts'
import { coversScopes, parseScopes } from '../token/scope.ts'
import { isRedirectOf, withAnswer } from './redirect.ts'

export interface GrantRequest {
  actor: Actor
  found: ApplicationFor | undefined
  assignment: Assignment | undefined
  redirectUri: string
  /** The registry's own page that shows tokens. */
  ownPage: string
  scope: string
  state: string | undefined
  ip: string | undefined
  now: Date
}

/** Where to send the browser, or an error for it to be told where no address can be trusted. */
export type GrantOutcome = { location: string } | { error: string }

/** Gives the actor a token of the application, in the fragment of the address that the browser is sent to. */
export async function grantImplicitly(store: Store, request: GrantRequest): Promise<GrantOutcome> {
  const { actor, found, assignment, redirectUri, scope, state, now } = request
  const refusal = refusalOf(request)
  if (refusal) return refusal
  const { text, uuid, insert } = await grantAccessToken(store, {
    applicationId: found?.application.id as number,
    accountId: actor.account.id,
    scope,
    lifetimeSeconds: tokenLifetimeSeconds,
    now,
  })
  const use = assignment
    ? [
        guard(store, sql`exists (select 1 from token_assignment where id = ${assignment.id})`),
        store.delete(tokenAssignment).where(eq(tokenAssignment.id, assignment.id)),
      ]
    : []
  await commit(store, [...use, insert, consentEvent(store, request, uuid)])
  const answer = `access_token=${text}&token_type=Bearer&expires_in=${tokenLifetimeSeconds}`
  return { location: withAnswer(redirectUri, { scope, state }, answer) }
}

/** That somebody let an application act for them. Quay keeps no record of it, though the token lives for ten years. */
export function consentEvent(store: Store, request: GrantRequest, tokenUuid: string | null) {
  const { found, scope } = request
  return recordEvent(store, request, {
    kind: 'create_oauth_api_token',
    namespaceId: found?.owner.id ?? null,
    metadata: {
      oauth_token_uuid: tokenUuid,
      scope,
      token_display_name: null,
      application_name: found?.application.name,
      auth_method: 'OAuth',
      client_id: found?.application.clientId,
    },
  })
}

/** Whether the actor may have tokens of the application: only its organization's admins may, and who was offered one. */
export const mayUse = ({ found, assignment }: Pick<GrantRequest, 'found' | 'assignment'>): boolean =>
  found !== undefined && (found.rank === 3 || assignment !== undefined)

/** What all grants refuse alike. */
export function refusalOf(request: GrantRequest): GrantOutcome | undefined {
  const { found, assignment, redirectUri, ownPage, scope } = request
  const isTrusted = isRedirectOf(found?.application.redirectUri ?? '', redirectUri, ownPage)
  const refused = (error: string) =>
    isTrusted ? { location: withAnswer(redirectUri, { error, state: request.state }) } : { error }
  if (!mayUse(request)) return refused('unauthorized_client')
  if (!isTrusted) return { error: 'invalid_request' }
  const asked = parseScopes(scope)
  if (!asked) return refused('invalid_scope')
  const offered = assignment && found?.rank !== 3 ? parseScopes(assignment.scope) : undefined
  if (offered && !coversScopes(offered, asked)) return refused('invalid_scope')
  return undefined
}
