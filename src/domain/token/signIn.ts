import { eq } from 'drizzle-orm'
import type { Settings } from '../../settings.ts'
import { account } from '../../store/schema.ts'
import { commit, type Store } from '../../store/store.ts'
import { type Account, actorOf } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { checkPassword } from './checkPassword.ts'

export interface SignIn extends Omit<Origin, 'actor'> {
  /** The user whom the store found under the name or the address. */
  user: Account | undefined
  /** What was typed as the name. */
  login: string
  password: string
  userAgent: string | undefined
  settings: Settings
  /** The invitation into a team whose code came along: one that was sent to the user's address proves that address. */
  invite?: { email: string | null } | undefined
}

export type SignInRefusal = 'invalid' | 'disabled' | 'unverified'

/** Checks a user's password and logs the outcome. @throws `throttled` after failures in a row */
export async function signIn(store: Store, attempt: SignIn): Promise<{ user: Account } | { refused: SignInRefusal }> {
  const { user, login, userAgent, settings, now, ip, invite } = attempt
  const refused = await refusalOf(store, attempt)
  const origin = { actor: user && actorOf(user, undefined, settings), ip, now }
  const about = { type: 'quayauth', useragent: userAgent ?? null }
  if (!refused && user) {
    await commit(store, [
      ...(isProvenBy(invite, user)
        ? [store.update(account).set({ verified: true }).where(eq(account.id, user.id))]
        : []),
      ...(settings.FEATURE_USER_LAST_ACCESSED
        ? [store.update(account).set({ lastAccessedAt: now }).where(eq(account.id, user.id))]
        : []),
      ...(settings.ACTION_LOG_AUDIT_LOGINS
        ? [recordEvent(store, origin, { kind: 'login_success', namespaceId: user.id, metadata: about })]
        : []),
    ])
    return { user }
  }
  if (settings.ACTION_LOG_AUDIT_LOGIN_FAILURES) {
    const metadata = { ...about, kind: 'user', username: login, message: refusalTexts[refused ?? 'invalid'] }
    await commit(store, [
      recordEvent(
        store,
        { ...origin, actor: undefined },
        {
          kind: 'login_failure',
          namespaceId: user?.id ?? null,
          metadata,
        },
      ),
    ])
  }
  return { refused: refused ?? 'invalid' }
}

async function refusalOf(store: Store, { user, password, now, invite }: SignIn): Promise<SignInRefusal | undefined> {
  if (!(await checkPassword(store, user, password, now)) || !user) return 'invalid'
  if (!user.enabled) return 'disabled'
  return user.verified || isProvenBy(invite, user) ? undefined : 'unverified'
}

const isProvenBy = (invite: SignIn['invite'], user: Account) => !user.verified && invite?.email === user.email

/** What the client is told. */
export const refusalTexts = {
  invalid: 'Invalid Username or Password',
  disabled: 'This user has been disabled. Please contact your administrator.',
  unverified: null,
} as const satisfies Record<SignInRefusal, string | null>
