import { eq } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import { inviteByCode } from '../../store/namespaces.ts'
import { account } from '../../store/schema.ts'
import type { Store } from '../../store/store.ts'
import type { Account } from '../actor.ts'
import { createUser, type NewUser } from './createUser.ts'

/**
 * Creates a user for somebody who is not known yet. An invitation into a team, sent to the same e-mail address, proves the
 * address; the team is joined by accepting it.
 */
export async function signUp(store: Store, user: NewUser & { inviteCode: string | undefined }): Promise<Account> {
  const { email, inviteCode, settings } = user
  const [[invite]] = await store.batch([inviteByCode(store, inviteCode ?? '')])
  if (settings.FEATURE_INVITE_ONLY_USER_CREATION && !invite) {
    throw new RegistryError('invalid', 'Cannot create non-invited user')
  }
  const created = await createUser(store, { ...user, takenText: 'The username already exists' })
  if (created.verified || !invite || invite.email !== email) return created
  await store.batch([store.update(account).set({ verified: true }).where(eq(account.id, created.id))])
  return { ...created, verified: true }
}
