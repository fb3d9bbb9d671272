import { eq } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { Settings } from '../../settings.ts'
import { dropEmailCodes } from '../../store/mail.ts'
import { accountNamed, userWithEmail } from '../../store/namespaces.ts'
import { account } from '../../store/schema.ts'
import type { Statement, Store } from '../../store/store.ts'
import type { Account, Actor } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { commitRights, raiseGenerationsIn } from '../grant/raiseGenerations.ts'
import { confirmationMail } from '../mail/accountMails.ts'
import { newEmailCode } from '../mail/emailCode.ts'
import { type Post, queueMail } from '../mail/queueMail.ts'
import { hashPassword, isPassword, passwordProblem } from '../token/password.ts'
import { isTagExpiration } from './changeOrganization.ts'
import { isEmailAddress } from './createOrganization.ts'
import { nameProblem, renameRobots } from './renameNamespace.ts'

const profileFields = ['givenName', 'familyName', 'company', 'location'] as const
type ProfileField = (typeof profileFields)[number]

export interface UserChange extends Origin, Partial<Record<ProfileField, string | null | undefined>> {
  actor: Actor
  password?: string | undefined
  email?: string | undefined
  invoiceEmail?: boolean | undefined
  invoiceEmailAddress?: string | null | undefined
  tagExpirationSeconds?: number | undefined
  username?: string | undefined
  settings: Settings
  post: Post
}

type Change = [set: Partial<Account>, kind: string, metadata?: Record<string, unknown>]

/**
 * Changes the actor's own account, all that is asked or nothing.
 * @returns the account as it is then, and the paths of the repositories that show the change
 */
export async function changeUser(store: Store, change: UserChange): Promise<{ user: Account; touched: string[] }> {
  const user = change.actor.account
  const { username, settings } = change
  const wanted = settings.FEATURE_USER_RENAME && username && username !== user.username ? username : undefined
  const [[named], [addressed]] = await store.batch([
    accountNamed(store, wanted ?? ''),
    userWithEmail(store, change.email ?? ''),
  ])
  if (addressed && addressed.id !== user.id) throw new RegistryError('invalid', 'E-mail address already used')
  if (wanted && named) throw new RegistryError('invalid', 'Username is already in use')

  const changes: Change[] = [
    ...(await passwordChange(change)),
    ...invoicingChanges(change),
    ...tagExpirationChange(change),
    ...emailChange(change),
    ...profileChange(change),
    ...nameChange(user, wanted),
  ]
  const mail = await addressQuestion(store, change)
  if (changes.length === 0 && mail.length === 0) return { user, touched: [] }
  const set = Object.assign({}, ...changes.map(([part]) => part)) as Partial<Account>
  const { id } = user
  const raise = set.tagExpirationSeconds === undefined ? undefined : raiseGenerationsIn(store, id)
  const touched = await commitRights(store, set.username ?? user.username, raise, [
    ...changes.map(
      ([, kind, metadata]): Statement =>
        recordEvent(store, change, { kind, namespaceId: id, ...(metadata && { metadata }) }),
    ),
    ...(Object.keys(set).length > 0 ? [store.update(account).set(set).where(eq(account.id, id))] : []),
    ...(wanted ? [renameRobots(store, id, wanted)] : []),
    ...mail,
  ])
  return { user: { ...user, ...set }, touched }
}

/** A new password ends all sessions and the wait after failures. @throws with what `problem` makes of a bad one */
export async function newPassword(
  password: string,
  problem = (text: string) => new RegistryError('invalid', text),
): Promise<Partial<Account>> {
  if (!isPassword(password)) throw problem(passwordProblem)
  const uuid = crypto.randomUUID()
  return { passwordHash: await hashPassword(password), uuid, failedLogins: 0, failedLoginAt: null }
}

async function passwordChange({ password }: UserChange): Promise<Change[]> {
  return password === undefined ? [] : [[await newPassword(password), 'account_change_password']]
}

function invoicingChanges({ actor, invoiceEmail, invoiceEmailAddress }: UserChange): Change[] {
  const changes: Change[] = []
  if (invoiceEmail !== undefined)
    changes.push([{ invoiceEmail }, 'user_change_invoicing', { invoice_email: invoiceEmail }])
  const address = invoiceEmailAddress === undefined ? undefined : invoiceEmailAddress || null
  if (address !== undefined && address !== actor.account.invoiceEmailAddress) {
    const metadata = { invoice_email_address: address }
    changes.push([{ invoiceEmailAddress: address }, 'user_change_invoicing', metadata])
  }
  return changes
}

function tagExpirationChange({ tagExpirationSeconds: seconds, settings }: UserChange): Change[] {
  if (seconds === undefined || !settings.FEATURE_CHANGE_TAG_EXPIRATION) return []
  if (!isTagExpiration(seconds, settings)) throw new RegistryError('rule', 'Invalid tag expiration option')
  return [[{ tagExpirationSeconds: seconds }, 'user_change_tag_expiration', { tag_expiration: seconds }]]
}

/** While mailing is on, an address counts once its owner has answered a mail: until then it stays as it is. */
function emailChange({ actor, email, settings }: UserChange): Change[] {
  const old = actor.account.email
  if (email === undefined || email === old) return []
  if (!settings.FEATURE_MAILING) return [[{ email, verified: true }, 'user_change_email', { email, old_email: old }]]
  if (!isEmailAddress(email)) throw new RegistryError('rule', `Invalid email address: ${email}`)
  return []
}

async function addressQuestion(store: Store, { actor, email, settings, post, now }: UserChange): Promise<Statement[]> {
  const { id, username, email: old } = actor.account
  if (!settings.FEATURE_MAILING || email === undefined || email === old) return []
  const code = await newEmailCode(store, { accountId: id, purpose: 'change', email, now })
  const mail = confirmationMail(post, { username, email, code: code.text })
  return [dropEmailCodes(store, id, 'change'), code.insert, ...(await queueMail(store, post, mail))]
}

function profileChange(change: UserChange): Change[] {
  if (!change.settings.FEATURE_USER_METADATA) return []
  const given = profileFields.filter((field) => change[field] !== undefined)
  if (given.length === 0) return []
  const set = Object.fromEntries(given.map((field) => [field, change[field] ?? null]))
  const wire = { givenName: 'given_name', familyName: 'family_name', company: 'company', location: 'location' }
  return [[set, 'user_change_metadata', Object.fromEntries(given.map((field) => [wire[field], set[field]]))]]
}

function nameChange(user: Account, wanted: string | undefined): Change[] {
  if (!wanted) return []
  const problem = nameProblem(wanted)
  if (problem) throw new RegistryError('rule', problem)
  return [[{ username: wanted }, 'user_change_name', { old_username: user.username }]]
}
