import { eq } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { Settings } from '../../settings.ts'
import { userWithEmail } from '../../store/namespaces.ts'
import { account } from '../../store/schema.ts'
import { commit, type Statement, type Store } from '../../store/store.ts'
import { type Account, type Actor, isSuperuserName } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { newPassword } from './changeUser.ts'

export interface UserAdministration extends Origin {
  actor: Actor
  user: Account
  password?: string | undefined
  email?: string | undefined
  enabled?: boolean | undefined
  settings: Settings
}

/** A superuser changes another user: all that is asked, or nothing. @throws `invalid` for a superuser, `rule` for bad values */
export async function administerUser(store: Store, change: UserAdministration): Promise<void> {
  const { actor, user, password, email, enabled, settings } = change
  if (isSuperuserName(user.username, settings)) throw new RegistryError('invalid', 'Cannot update a superuser')
  const set: Partial<Account> = {}
  const events: Statement[] = []
  const log = (kind: string, details: Record<string, unknown>) => {
    const metadata = { ...details, superuser: actor.account.username }
    events.push(recordEvent(store, change, { kind, namespaceId: user.id, metadata }))
  }
  if (password !== undefined) {
    Object.assign(set, await newPassword(password, (text) => new RegistryError('rule', text)))
    log('user_change_password', { username: user.username })
  }
  if (email !== undefined) {
    const [[addressed]] = await store.batch([userWithEmail(store, email)])
    if (addressed && addressed.id !== user.id) throw new RegistryError('rule', 'E-mail address already used')
    Object.assign(set, { email, verified: true })
    log('user_change_email', { old_email: user.email, email })
  }
  if (enabled !== undefined) {
    set.enabled = enabled
    log(enabled ? 'user_enable' : 'user_disable', { username: user.username })
  }
  if (events.length === 0) return
  await commit(store, [store.update(account).set(set).where(eq(account.id, user.id)), ...events])
}
