import { RegistryError } from '../../errors.ts'
import type { Settings } from '../../settings.ts'
import { accountIdNamed, accountNamed, userWithEmail } from '../../store/namespaces.ts'
import { account } from '../../store/schema.ts'
import { commit, type Statement, type Store } from '../../store/store.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { confirmationMail } from '../mail/accountMails.ts'
import { newEmailCode } from '../mail/emailCode.ts'
import { type Post, queueMail } from '../mail/queueMail.ts'
import { namespaceNameProblem } from '../reference.ts'
import { hashPassword, isPassword, passwordProblem } from '../token/password.ts'
import { isEmailAddress } from './createOrganization.ts'
import { newAccount } from './newAccount.ts'

export interface NewUser extends Origin {
  username: string
  email: string | undefined
  password: string
  settings: Settings
  post: Post
  /** Something else has shown whose the address is: no mail asks for it. */
  isAddressProven?: boolean
  /** Says that a user has the name already; sign-up says it in other words. */
  takenText?: string
  /** What the event says besides the name and the address. */
  metadata?: Record<string, unknown>
}

/** Creates a user. @throws `invalid` with Quay's words for a name, an address or a password that will not do */
export async function createUser(store: Store, user: NewUser): Promise<typeof account.$inferSelect> {
  const { username, email, password, now, settings } = user
  const [[named], [addressed]] = await store.batch([accountNamed(store, username), userWithEmail(store, email ?? '')])
  if (named) throw new RegistryError('invalid', takenBy(named, user))
  const problem = namespaceNameProblem(username)
  if (problem) throw new RegistryError('invalid', `Invalid namespace ${username}: ${problem}`)
  if (!isPassword(password)) throw new RegistryError('invalid', passwordProblem)
  if (settings.FEATURE_MAILING && !email) throw new RegistryError('invalid', 'Email address is required')
  if (settings.FEATURE_MAILING && !isEmailAddress(email ?? '')) {
    throw new RegistryError('invalid', `Invalid email address: ${email}`)
  }
  if (addressed) throw new RegistryError('invalid', `Email has already been used: ${email}`)

  const mustConfirm = settings.FEATURE_MAILING && !user.isAddressProven
  const row = newAccount('user', username, {
    email,
    passwordHash: await hashPassword(password),
    verified: !mustConfirm,
    tagExpirationSeconds: settings.DEFAULT_TAG_EXPIRATION,
    now,
  })
  const [[created]] = await commit(store, [
    store.insert(account).values(row).returning(),
    recordEvent(store, user, {
      kind: 'user_create',
      namespaceId: null,
      metadata: { email: email ?? null, username, ...user.metadata },
    }),
    ...(mustConfirm && email ? await askToConfirm(store, user, email) : []),
  ])
  return created as typeof account.$inferSelect
}

async function askToConfirm(store: Store, { username, post, now }: NewUser, email: string): Promise<Statement[]> {
  const code = await newEmailCode(store, { accountId: accountIdNamed(username), purpose: 'confirm', email, now })
  return [code.insert, ...(await queueMail(store, post, confirmationMail(post, { username, email, code: code.text })))]
}

function takenBy(named: typeof account.$inferSelect, { username, takenText }: NewUser): string {
  if (named.deletedName === username) return 'Username is not available'
  if (named.kind !== 'organization') {
    return takenText ?? `Username has already been taken by user cannot be reused: ${username}`
  }
  return `Username has already been taken by an organization and cannot be reused: ${username}`
}
