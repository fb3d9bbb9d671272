import { RegistryError } from '../../errors.ts'
import type { ApplicationFor } from '../../store/applications.ts'
import { accountNotice, tokenAssignment } from '../../store/schema.ts'
import { commit, type Store } from '../../store/store.ts'
import type { Account, Actor } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { parseScopes } from '../token/scope.ts'

export interface TokenOffer extends Origin {
  actor: Actor
  found: ApplicationFor
  user: Account
  redirectUri: string
  scope: string
  responseType: string
}

/** Offers a user a token of an application: they find it among their notifications, and may take it. */
export async function assignToken(store: Store, offer: TokenOffer): Promise<void> {
  const { actor, found, user, redirectUri, scope, responseType, now } = offer
  if (found.rank !== 3) throw new RegistryError('denied', 'only who administers the application may offer its tokens')
  if (!parseScopes(scope)) throw new RegistryError('rule', 'invalid_scope')
  const { application, owner } = found
  await commit(store, [
    store.insert(tokenAssignment).values({
      uuid: crypto.randomUUID(),
      applicationId: application.id,
      accountId: user.id,
      redirectUri,
      scope,
      responseType,
    }),
    store.insert(accountNotice).values({
      uuid: crypto.randomUUID(),
      accountId: user.id,
      kind: 'assigned_authorization',
      metadata: { username: user.username },
      createdAt: now,
    }),
    recordEvent(store, offer, {
      kind: 'oauth_token_assigned',
      namespaceId: owner.id,
      metadata: {
        assigning_user: actor.account.username,
        assigned_user: user.username,
        application: application.name,
        client_id: application.clientId,
      },
    }),
  ])
}
