import { eq } from 'drizzle-orm'
import { account } from '../../store/schema.ts'
import { commit, type Store } from '../../store/store.ts'
import type { Actor } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'

/** Ends all sessions of the actor: they are bound to the account's uuid, which changes. */
export async function signOut(store: Store, origin: Origin & { actor: Actor }): Promise<void> {
  const { id } = origin.actor.account
  await commit(store, [
    store.update(account).set({ uuid: crypto.randomUUID() }).where(eq(account.id, id)),
    recordEvent(store, origin, { kind: 'logout_success', namespaceId: id }),
  ])
}
