import { eq, sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { Settings } from '../../settings.ts'
import type { EmailCode } from '../../store/mail.ts'
import { userWithEmail } from '../../store/namespaces.ts'
import { account, emailCode } from '../../store/schema.ts'
import { commit, guard, type Store } from '../../store/store.ts'
import { type Account, actorOf } from '../actor.ts'
import { recordEvent } from '../event/recordEvent.ts'
import { proveCode } from '../mail/emailCode.ts'

export interface Confirmation {
  /** The code as its owner shows it, and what the store found for it. */
  text: string
  found: { code: EmailCode; account: Account } | undefined
  settings: Settings
  ip: string | undefined
  now: Date
}

const lifetimeSeconds = 7 * 24 * 60 * 60

/** Whose code it is, and for which address. @throws `rule` for a code that is not valid, or no longer */
export async function ownerOfConfirmation({
  text,
  found,
  now,
}: Confirmation): Promise<{ owner: Account; email: string }> {
  const { purpose, email } = await proveCode(text, found?.code, { lifetimeSeconds, now })
  const owner = found?.account
  const isUsable = purpose !== 'recover' && owner?.kind === 'user' && owner.enabled
  const isCurrent = purpose === 'change' || owner?.email === email
  if (!isUsable || !isCurrent) throw new RegistryError('rule', 'Invalid confirmation code.')
  return { owner, email }
}

/** Takes an address for an account's own, once the code that was sent there has come back. @throws `rule`, `invalid` */
export async function confirmAddress(store: Store, confirmation: Confirmation): Promise<Account> {
  const { owner, email } = await ownerOfConfirmation(confirmation)
  const { found, settings, ip, now } = confirmation
  const [[other]] = await store.batch([userWithEmail(store, email)])
  if (other && other.id !== owner.id) throw new RegistryError('invalid', 'E-mail address already used')
  const id = found?.code.id ?? 0
  const set = { email, verified: true }
  const origin = { actor: actorOf(owner, undefined, settings), ip, now }
  const metadata = { email, old_email: owner.email }
  await commit(store, [
    guard(store, sql`exists (select 1 from email_code where id = ${id})`),
    store.delete(emailCode).where(eq(emailCode.id, id)),
    store.update(account).set(set).where(eq(account.id, owner.id)),
    ...(email === owner.email
      ? []
      : [recordEvent(store, origin, { kind: 'user_change_email', namespaceId: owner.id, metadata })]),
  ])
  return { ...owner, ...set }
}
