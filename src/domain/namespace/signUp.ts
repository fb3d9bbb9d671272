import { RegistryError } from '../../errors.ts'
import type { Settings } from '../../settings.ts'
import { inviteByCode } from '../../store/namespaces.ts'
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
  if (email && isBlacklisted(email, settings)) {
    throw new RegistryError(
      'invalid',
      'Creation of a user account for this e-mail is disabled; please contact an administrator',
    )
  }
  const isAddressProven = invite !== undefined && invite.email === email
  return createUser(store, { ...user, isAddressProven, takenText: 'The username already exists' })
}

/** Whether the address is of a domain from which nobody may sign up, or of one below it. */
function isBlacklisted(email: string, { FEATURE_BLACKLISTED_EMAILS, BLACKLISTED_EMAIL_DOMAINS }: Settings): boolean {
  const host = `.${email.slice(email.lastIndexOf('@') + 1).toLowerCase()}`
  return (
    FEATURE_BLACKLISTED_EMAILS && BLACKLISTED_EMAIL_DOMAINS.some((domain) => host.endsWith(`.${domain.toLowerCase()}`))
  )
}
