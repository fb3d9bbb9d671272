import type { Mail } from '../../mail/mailer.ts'
import type { Post } from './queueMail.ts'

type Sender = Pick<Post, 'origin' | 'title'>

const letter = ({ title, origin }: Sender, to: string, subject: string, paragraphs: string[]): Mail => ({
  to,
  subject: `${title}: ${subject}`,
  text: [...paragraphs, `-- \n${title}, ${origin}`].join('\n\n'),
})

const link = ({ origin }: Sender, page: string, code: string) => `${origin}/${page}?code=${encodeURIComponent(code)}`

/** Asks whether an address belongs to whoever gave it. */
export const confirmationMail = (
  from: Sender,
  { username, email, code }: Record<'username' | 'email' | 'code', string>,
) =>
  letter(from, email, 'confirm your e-mail address', [
    `Somebody gave this address for the account ${username}. If that was you, confirm it here:`,
    link(from, 'confirm', code),
    'If it was not, do nothing: without you nothing happens.',
  ])

/** Lets the owner of an account set a new password. */
export const recoveryMail = (
  from: Sender,
  {
    username,
    email,
    code,
    minutes,
    organizations,
  }: Record<'username' | 'email' | 'code', string> & { minutes: number; organizations: OrganizationAdmins[] },
) =>
  letter(from, email, 'set a new password', [
    `Somebody asked to recover the account ${username}. If that was you, set a new password here within ${minutes} minutes:`,
    link(from, 'recovery', code),
    ...(organizations.length > 0 ? [adminsText(organizations)] : []),
    'If it was not, do nothing: the old password stays.',
  ])

export interface OrganizationAdmins {
  organization: string
  admins: string[]
}

/** An organization has no password of its own: tells who can sign in for it. */
export const organizationRecoveryMail = (from: Sender, email: string, organizations: OrganizationAdmins[]) =>
  letter(from, email, 'who administers your organization', [
    'Somebody asked to recover an account with this address. It belongs to no user.',
    adminsText(organizations),
  ])

const adminsText = (organizations: OrganizationAdmins[]) =>
  [
    'Organizations have no password; their admins sign in with their own:',
    ...organizations.map(({ organization, admins }) => `  ${organization}: ${admins.join(', ')}`),
  ].join('\n')

/** Invites into a team. */
export const invitationMail = (
  from: Sender,
  { email, inviter, organization, team, code }: Record<'email' | 'inviter' | 'organization' | 'team' | 'code', string>,
) =>
  letter(from, email, `join ${organization}`, [
    `${inviter} invites you into the team ${team} of ${organization}. Answer here:`,
    link(from, 'confirminvite', code),
  ])

/** Tells the owner of an account of a change that might not be theirs. */
export const passwordChangedMail = (from: Sender, { username, email }: Record<'username' | 'email', string>) =>
  letter(from, email, 'your password was changed', [
    `The account ${username} has a new password. If you did not set it, recover the account, or tell who runs the registry.`,
  ])
