import { eq, sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import { account } from '../../store/schema.ts'
import type { Store } from '../../store/store.ts'
import type { Account } from '../actor.ts'
import { hashPassword, verifyPassword } from './password.ts'

/** Word for word what clients of Quay know. */
const tooMany = 'Too many login attempts. \nPlease reset your Quay password and try again.'

/** After this many failures the wait grows no more: about half an hour. */
const failuresMax = 12

/**
 * Whether this is the user's password. Each failure doubles the wait for the next try, which until then is refused even
 * with the right password; a success ends the count. For nobody it does the same work: how long a refusal takes tells
 * no names.
 * @throws `throttled`
 */
export async function checkPassword(
  store: Store,
  user: Account | undefined,
  password: string,
  now: Date,
): Promise<boolean> {
  const secondsLeft = user ? (waitEndsAt(user) - now.getTime()) / 1000 : 0
  if (secondsLeft > 0) {
    throw new RegistryError('throttled', tooMany, { detail: { seconds: secondsLeft } })
  }
  const matches = await isPasswordOf(user, password)
  if (!matches) {
    await store.batch([
      store
        .update(account)
        .set({ failedLogins: sql`${account.failedLogins} + 1`, failedLoginAt: now })
        .where(eq(account.id, user?.id ?? noAccountId)),
    ])
  } else if (user && user.failedLogins > 0) {
    await store.batch([
      store.update(account).set({ failedLogins: 0, failedLoginAt: null }).where(eq(account.id, user.id)),
    ])
  }
  return matches
}

const noAccountId = 0

async function isPasswordOf(user: Account | undefined, password: string): Promise<boolean> {
  if (user?.passwordHash) return verifyPassword(password, user.passwordHash)
  await hashPassword(password)
  return false
}

function waitEndsAt({ failedLogins, failedLoginAt }: Account): number {
  if (!failedLoginAt || failedLogins === 0) return 0
  return failedLoginAt.getTime() + 500 * (2 ** Math.min(failedLogins, failuresMax) - 1)
}
