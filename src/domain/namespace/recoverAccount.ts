import { eq, sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { Settings } from '../../settings.ts'
import { dropEmailCodes, type EmailCode } from '../../store/mail.ts'
import { account } from '../../store/schema.ts'
import { commit, guard, type Store } from '../../store/store.ts'
import { type Account, actorOf } from '../actor.ts'
import { recordEvent } from '../event/recordEvent.ts'
import { passwordChangedMail } from '../mail/accountMails.ts'
import { proveCode } from '../mail/emailCode.ts'
import { type Post, queueMail } from '../mail/queueMail.ts'
import { newPassword } from './changeUser.ts'

export interface Recovery {
  /** The code as its owner shows it, and what the store found for it. */
  text: string
  found: { code: EmailCode; account: Account } | undefined
  post: Post
  settings: Settings
  ip: string | undefined
}

/** Whose code it is. @throws `rule` for a code that is not valid, or no longer */
export async function ownerOfRecovery({ text, found, post, settings }: Recovery): Promise<Account> {
  const owner = found?.account
  const lifetimeSeconds = settings.USER_RECOVERY_TOKEN_LIFETIME
  const code = await proveCode(text, found?.code, { boundTo: owner?.uuid, lifetimeSeconds, now: post.now })
  const isUsable = code.purpose === 'recover' && owner?.kind === 'user' && owner.enabled
  if (!isUsable) throw new RegistryError('rule', 'Invalid confirmation code.')
  return owner
}

/** Sets a new password by a code that was sent by mail, which proves the address as well. @throws `rule`, `invalid` */
export async function recoverAccount(store: Store, recovery: Recovery & { password: string }): Promise<Account> {
  const { found, password, post, settings, ip } = recovery
  const owner = await ownerOfRecovery(recovery)
  const set = { ...(await newPassword(password)), verified: true }
  const origin = { actor: actorOf(owner, undefined, settings), ip, now: post.now }
  await commit(store, [
    guard(store, sql`exists (select 1 from email_code where id = ${found?.code.id ?? 0})`),
    dropEmailCodes(store, owner.id, 'recover'),
    store.update(account).set(set).where(eq(account.id, owner.id)),
    recordEvent(store, origin, { kind: 'account_change_password', namespaceId: owner.id }),
    ...(await queueMail(store, post, passwordChangedMail(post, owner))),
  ])
  return { ...owner, ...set }
}
