import { RegistryError } from '../../errors.ts'
import type { Mail, Mailer } from '../../mail/mailer.ts'
import { outgoingMail } from '../../store/schema.ts'
import type { Statement, Store } from '../../store/store.ts'
import type { Vault } from '../token/vault.ts'

/** What mail is written with. */
export interface Post {
  mailer: Mailer | undefined
  vault: Vault
  /** Where the registry is reached: links lead there. */
  origin: string
  /** What the registry is called. */
  title: string
  now: Date
}

/** What mail is sealed for until it goes out. */
export const mailPurpose = 'mail'

/**
 * What puts a mail among what has to go out: part of the change that it tells of.
 * @throws `unsupported` where the registry has no way to send mail
 */
export async function queueMail(store: Store, { mailer, vault, now }: Post, mail: Mail): Promise<Statement[]> {
  if (!mailer) throw new RegistryError('unsupported', 'E-mail is switched on, but no way to send it is set up')
  return [
    store.insert(outgoingMail).values({ sealed: await vault.seal(mailPurpose, JSON.stringify(mail)), dueAt: now }),
  ]
}
