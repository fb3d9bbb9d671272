import { eq, sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import { account } from '../../store/schema.ts'
import type { Store } from '../../store/store.ts'
import type { Account } from '../actor.ts'
import { verifyPassword } from './password.ts'

/** Word for word what clients of Quay know. */
const tooMany = 'Too many login attempts. \nPlease reset your Quay password and try again.'

/** After this many failures the wait grows no more: about half an hour. */
const failuresMax = 12

/**
 * Whether this is the user's password. Each failure doubles the wait for the next try, which until then is refused even
 * with the right password; a success ends the count.
 * @throws `throttled`
 */
export async function checkPassword(store: Store, user: Account, password: string, now: Date): Promise<boolean> {
  const secondsLeft = (waitEndsAt(user) - now.getTime()) / 1000
  if (secondsLeft > 0) {
    throw new RegistryError('throttled', tooMany, { detail: { seconds: secondsLeft } })
  }
  const matches = user.passwordHash !== null && (await verifyPassword(password, user.passwordHash))
  if (!matches) {
    await store.batch([
      store
        .update(account)
        .set({ failedLogins: sql`${account.failedLogins} + 1`, failedLoginAt: now })
        .where(eq(account.id, user.id)),
    ])
  } else if (user.failedLogins > 0) {
    await store.batch([
      store.update(account).set({ failedLogins: 0, failedLoginAt: null }).where(eq(account.id, user.id)),
    ])
  }
  return matches
}

function waitEndsAt({ failedLogins, failedLoginAt }: Account): number {
  if (!failedLoginAt || failedLogins === 0) return 0
  return failedLoginAt.getTime() + 500 * (2 ** Math.min(failedLogins, failuresMax) - 1)
}
