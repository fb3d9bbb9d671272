import { RegistryError } from '../../errors.ts'
import type { Settings } from '../../settings.ts'
import { dropEmailCodes, lastCodeTo } from '../../store/mail.ts'
import { organizationsWithEmail, userWithEmail } from '../../store/namespaces.ts'
import { commit, type Store } from '../../store/store.ts'
import type { Account } from '../actor.ts'
import { organizationRecoveryMail, recoveryMail } from '../mail/accountMails.ts'
import { newEmailCode } from '../mail/emailCode.ts'
import { type Post, queueMail } from '../mail/queueMail.ts'
import { isEmailAddress } from './createOrganization.ts'

export interface RecoveryRequest {
  email: string
  post: Post
  settings: Settings
}

/** Whoever asks again within this time gets no other mail. */
const pauseMilliseconds = 60_000

/**
 * Sends who has an address a link by which they can set a new password. Whether anybody has it is not told, but where
 * only organizations do: they have no password, and whoever asks has to know that.
 * @returns the first of the organizations, where there are only such
 * @throws `unsupported` where the registry has no way to send mail
 */
export async function requestRecovery(
  store: Store,
  { email, post, settings }: RecoveryRequest,
): Promise<{ organization: string } | undefined> {
  const [[user], organizations, [last]] = await store.batch([
    userWithEmail(store, email),
    organizationsWithEmail(store, email),
    lastCodeTo(store, email, 'recover'),
  ])
  if (!post.mailer) throw new RegistryError('unsupported', 'E-mail is switched on, but no way to send it is set up')
  const [first] = organizations
  const owner = user?.enabled ? user : first
  const isPaused = last && post.now.getTime() - last.createdAt.getTime() < pauseMilliseconds
  if (owner && !isPaused && isEmailAddress(email)) {
    await sendRecovery(store, { owner, organizations: organizations.map(adminsOf), post, settings })
  }
  return owner === first && first ? { organization: first.username } : undefined
}

const adminsOf = ({ username, admins }: { username: string; admins: string }) => ({
  organization: username,
  admins: JSON.parse(admins) as string[],
})

/** Puts a recovery among the mail that has to go out. Codes that were sent before are worth nothing from now on. */
export async function sendRecovery(
  store: Store,
  {
    owner,
    organizations = [],
    post,
    settings,
  }: {
    owner: Pick<Account, 'id' | 'uuid' | 'username' | 'email' | 'kind'>
    organizations?: { organization: string; admins: string[] }[]
    post: Post
    settings: Settings
  },
): Promise<void> {
  const { id: accountId, uuid: boundTo, username, email, kind } = owner
  if (!isEmailAddress(email)) throw new RegistryError('invalid', 'The account has no e-mail address')
  const code = await newEmailCode(store, { accountId, purpose: 'recover', email, boundTo, now: post.now })
  const minutes = Math.round(settings.USER_RECOVERY_TOKEN_LIFETIME / 60)
  const mail =
    kind === 'user'
      ? recoveryMail(post, { username, email, code: code.text, minutes, organizations })
      : organizationRecoveryMail(post, email, organizations)
  await commit(store, [
    dropEmailCodes(store, accountId, 'recover'),
    code.insert,
    ...(await queueMail(store, post, mail)),
  ])
}
