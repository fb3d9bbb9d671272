import { parseDuration, type Settings } from '../../settings.ts'
import { type AppToken, deleteAppToken } from '../../store/appTokens.ts'
import { appToken } from '../../store/schema.ts'
import { commit, type Store } from '../../store/store.ts'
import type { Actor } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { appTokenPurpose } from './authenticateBasic.ts'
import { appTokenLength } from './credential.ts'
import { capitals, randomText } from './secret.ts'
import type { Vault } from './vault.ts'

const lookupLength = appTokenLength / 2

export interface NewAppToken extends Origin {
  actor: Actor
  title: string
  vault: Vault
  settings: Settings
}

/** Creates a password for one program of the actor's. */
export async function createAppToken(
  store: Store,
  { title, vault, settings, ...origin }: NewAppToken,
): Promise<{ token: AppToken; code: string }> {
  const { now, actor } = origin
  const code = randomText(appTokenLength, capitals)
  const seconds = parseDuration(settings.APP_SPECIFIC_TOKEN_EXPIRATION)
  const row = {
    uuid: crypto.randomUUID(),
    accountId: actor.account.id,
    title,
    lookup: code.slice(0, lookupLength),
    encryptedSecret: await vault.seal(appTokenPurpose, code.slice(lookupLength)),
    createdAt: now,
    expiresAt: seconds === undefined ? null : new Date(now.getTime() + seconds * 1000),
  }
  const [[token]] = await commit(store, [
    store.insert(appToken).values(row).returning(),
    recordEvent(store, origin, {
      kind: 'create_app_specific_token',
      namespaceId: actor.account.id,
      metadata: about(row),
    }),
  ])
  return { token: token as AppToken, code }
}

/** The whole of a token, for its owner to see. */
export async function codeOf({ lookup, encryptedSecret }: AppToken, vault: Vault): Promise<string> {
  return lookup + ((await vault.open(appTokenPurpose, encryptedSecret)) ?? '')
}

/** Ends one of the actor's tokens. */
export async function revokeAppToken(store: Store, { token, ...origin }: Origin & { actor: Actor; token: AppToken }) {
  await commit(store, [
    deleteAppToken(store, token.id),
    recordEvent(store, origin, {
      kind: 'revoke_app_specific_token',
      namespaceId: origin.actor.account.id,
      metadata: about(token),
    }),
  ])
}

const about = ({ title, uuid }: Pick<AppToken, 'title' | 'uuid'>) => ({
  app_specific_token_title: title,
  app_specific_token: uuid,
})

const usualLifetimeSeconds = 4 * 7 * 24 * 60 * 60

/** Until when a token has to end to count as one that will soon: within a tenth of a token's lifetime. */
export function soon(settings: Settings, now: Date): Date {
  const lifetime = parseDuration(settings.APP_SPECIFIC_TOKEN_EXPIRATION) ?? usualLifetimeSeconds
  return new Date(now.getTime() + lifetime * 100)
}
