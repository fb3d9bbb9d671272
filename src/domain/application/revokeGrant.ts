import { deleteAuthorization } from '../../store/authorizations.ts'
import { commit, type Store } from '../../store/store.ts'
import type { Actor } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'

export interface GrantRevocation extends Origin {
  actor: Actor
  /** The token that the actor granted. */
  grant: { id: number; uuid: string; name: string; clientId: string }
}

/** Ends a token that acts for the actor. Quay keeps no record of it; here nothing that opens doors comes or goes without one. */
export async function revokeGrant(store: Store, { grant, ...origin }: GrantRevocation): Promise<void> {
  const { id, uuid, name, clientId } = grant
  await commit(store, [
    deleteAuthorization(store, id),
    recordEvent(store, origin, {
      kind: 'oauth_token_revoked',
      namespaceId: origin.actor.account.id,
      metadata: { oauth_token_uuid: uuid, application: name, client_id: clientId },
    }),
  ])
}
