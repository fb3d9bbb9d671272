import { eq, sql } from 'drizzle-orm'
import { base64url } from 'jose'
import { RegistryError } from '../../errors.ts'
import type { Application, CodeRow } from '../../store/applications.ts'
import { authorizationCode } from '../../store/schema.ts'
import { commit, guard, type Store } from '../../store/store.ts'
import { grantAccessToken, tokenLifetimeSeconds } from '../token/grantAccessToken.ts'
import { alphanumeric, hashSecret, randomText, sameSecret } from '../token/secret.ts'
import type { Vault } from '../token/vault.ts'
import { clientSecretOf } from './createApplication.ts'
import { consentEvent, type GrantOutcome, type GrantRequest, refusalOf } from './grantImplicitly.ts'
import { withAnswer } from './redirect.ts'

const codeLength = 40
const lookupLength = 20
const lifetimeMilliseconds = 10 * 60 * 1000

/** What a client that uses PKCE sends when it asks for a code. */
export interface Challenge {
  challenge: string
  method: string | undefined
}

/** Gives the application a code, which its server exchanges for a token. */
export async function grantCode(
  store: Store,
  request: GrantRequest & { pkce: Challenge | undefined },
): Promise<GrantOutcome> {
  const refusal = refusalOf(request)
  if (refusal) return refusal
  const { actor, found, redirectUri, scope, state, now, pkce } = request
  if (pkce && !(pkce.method === 'S256' && /^[A-Za-z0-9_-]{43}$/.test(pkce.challenge))) {
    return { location: withAnswer(redirectUri, { error: 'invalid_request', state }) }
  }
  const code = randomText(codeLength, alphanumeric)
  const insert = store.insert(authorizationCode).values({
    lookup: code.slice(0, lookupLength),
    secretHash: hashSecret(code),
    applicationId: found?.application.id as number,
    accountId: actor.account.id,
    scope,
    redirectUri,
    codeChallenge: pkce?.challenge ?? null,
    createdAt: now,
  })
  await commit(store, [insert, consentEvent(store, request, null)])
  return { location: withAnswer(redirectUri, { scope, state, code }) }
}

export const codeLookup = (code: string) => code.slice(0, lookupLength)

export interface Exchange {
  application: Application | undefined
  clientSecret: string
  row: CodeRow | undefined
  code: string
  redirectUri: string
  scope: string
  verifier: string | undefined
  vault: Vault
  now: Date
}

/** Exchanges a code for a token, once. What is wrong is told in OAuth's own words. */
export async function exchangeCode(store: Store, exchange: Exchange): Promise<{ token: string } | { error: string }> {
  const { application, clientSecret, row, now, vault } = exchange
  const expected = application && (await clientSecretOf(application, vault))
  if (!application || !expected || !sameSecret(expected, clientSecret)) return { error: 'invalid_client' }
  if (!row || !(await isGranted(row, exchange))) return { error: 'invalid_grant' }
  const { text, insert } = await grantAccessToken(store, {
    applicationId: application.id,
    accountId: row.accountId,
    scope: row.scope,
    lifetimeSeconds: tokenLifetimeSeconds,
    now,
  })
  try {
    await commit(store, [
      guard(store, sql`exists (select 1 from authorization_code where id = ${row.id})`),
      store.delete(authorizationCode).where(eq(authorizationCode.id, row.id)),
      insert,
    ])
  } catch (error) {
    if (error instanceof RegistryError && error.code === 'conflict') return { error: 'invalid_grant' }
    throw error
  }
  return { token: text }
}

async function isGranted(row: CodeRow, { code, redirectUri, scope, verifier, now }: Exchange): Promise<boolean> {
  const isFresh = now.getTime() - row.createdAt.getTime() < lifetimeMilliseconds
  const isSame = row.secretHash === hashSecret(code) && row.redirectUri === redirectUri && row.scope === scope
  return isFresh && isSame && row.isEnabled && (await answers(row.codeChallenge, verifier))
}

/** Whether the verifier is the one behind the challenge; where there was no challenge there must be no verifier. */
async function answers(challenge: string | null, verifier: string | undefined): Promise<boolean> {
  if (challenge === null || verifier === undefined) return challenge === null && verifier === undefined
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  return sameSecret(base64url.encode(new Uint8Array(digest)), challenge)
}
