import type { Mail, Mailer } from '../../mail/mailer.ts'
import { dropMail, postponeMail, takeDueMail } from '../../store/mail.ts'
import type { Store } from '../../store/store.ts'
import type { Vault } from '../token/vault.ts'
import { mailPurpose } from './queueMail.ts'

export interface Postman {
  store: Store
  vault: Vault
  mailer: Mailer | undefined
  now(): Date
}

/** How long who takes a mail has to send it, before somebody else does. */
const leaseMilliseconds = 60_000
/** After so many tries, the last of them hours after the first, a mail is given up. */
const attemptsMax = 8

/** Sends what is due. What is not taken is tried again, later each time. */
export async function deliverMail({ store, vault, mailer, now }: Postman, limit = 20): Promise<void> {
  if (!mailer) return
  const leaseEnd = new Date(now().getTime() + leaseMilliseconds)
  const [due] = await store.batch([takeDueMail(store, now(), leaseEnd, limit)])
  for (const { id, sealed, attempts } of due) {
    const text = await vault.open(mailPurpose, sealed)
    const isSent = text === undefined || (await isTaken(mailer, JSON.parse(text) as Mail))
    const next = new Date(now().getTime() + leaseMilliseconds * 2 ** attempts)
    await store.batch([isSent || attempts >= attemptsMax ? dropMail(store, id) : postponeMail(store, id, next)])
  }
}

async function isTaken(mailer: Mailer, mail: Mail): Promise<boolean> {
  try {
    await mailer.send(mail)
    return true
  } catch (error) {
    console.error('a mail was not sent', error instanceof Error ? error.message : error)
    return false
  }
}
