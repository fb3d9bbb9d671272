import { and, eq } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { RowId } from '../../store/columns.ts'
import type { Namespace } from '../../store/rights.ts'
import { accountNotice, teamInvite } from '../../store/schema.ts'
import { commit, type Rows, retrying, type Statement, type Store } from '../../store/store.ts'
import { type Candidate, inviteByEmail, type Team, type TeamInvite, teamNamed } from '../../store/teams.ts'
import type { Actor } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { invitationMail } from '../mail/accountMails.ts'
import { type Post, queueMail } from '../mail/queueMail.ts'
import { isEmailAddress } from '../namespace/createOrganization.ts'

interface Invitation extends Origin {
  actor: Actor
  organization: Namespace
  post: Post
}

export interface EmailInvitation extends Invitation {
  teamName: string
  email: string
}

const newInviteCode = () => `urn:teaminvite:${crypto.randomUUID()}`

/** Invites a user, who finds a notice of it in the console; an earlier invitation into the team gives way. */
export async function inviteAccount(
  store: Store,
  invitation: Invitation,
  team: Team,
  user: Candidate,
): Promise<Statement[]> {
  const { actor, organization, now } = invitation
  const token = newInviteCode()
  return [
    ...(await inviteByMail(store, invitation, { email: user.email, team: team.name, token })),
    store.delete(teamInvite).where(and(eq(teamInvite.teamId, team.id), eq(teamInvite.accountId, user.id))),
    store.insert(teamInvite).values({ teamId: team.id, accountId: user.id, inviterId: actor.account.id, token }),
    store.insert(accountNotice).values({
      uuid: crypto.randomUUID(),
      accountId: user.id,
      kind: 'org_team_invite',
      metadata: { code: token, inviter: actor.account.username, org: organization.username, team: team.name },
      lookupPath: token,
      createdAt: now,
    }),
    recordEvent(store, invitation, {
      kind: 'org_invite_team_member',
      namespaceId: organization.id,
      metadata: { user: user.username, member: user.username, team: team.name },
    }),
  ]
}

/** Whoever is known here finds the invitation in the console as well: without mail, or an address, that has to do. */
async function inviteByMail(
  store: Store,
  { actor, organization, post }: Invitation,
  { email, team, token: code }: { email: string; team: string; token: string },
): Promise<Statement[]> {
  if (!post.mailer || !isEmailAddress(email)) return []
  const about = { inviter: actor.account.username, organization: organization.username }
  return queueMail(store, post, invitationMail(post, { email, team, code, ...about }))
}

/** Takes an invitation back, with the notice of it. */
export const withdrawInvite = (store: Store, { id, accountId, token }: TeamInvite): Statement[] => [
  ...(accountId === null
    ? []
    : [
        store
          .delete(accountNotice)
          .where(and(eq(accountNotice.accountId, accountId), eq(accountNotice.lookupPath, token))),
      ]),
  store.delete(teamInvite).where(eq(teamInvite.id, id)),
]

/** What inviting an e-mail address, or taking that back, has to know. */
export const emailInviteReads = (store: Store, organizationId: RowId, teamName: string, email: string) =>
  [teamNamed(store, organizationId, teamName), inviteByEmail(store, organizationId, teamName, email)] as const

type EmailInviteRows = Rows<ReturnType<typeof emailInviteReads>>

/** Invites whoever has an e-mail address; once is enough. @throws `not_found` */
export async function inviteEmail(store: Store, invitation: EmailInvitation, firstRead?: EmailInviteRows) {
  await retrying(async (attempt) => {
    const [[team], [open]] = await readEmailInvite(store, invitation, attempt === 0 ? firstRead : undefined)
    if (!team) throw new RegistryError('not_found', `no team ${invitation.teamName}`)
    if (open) return
    if (!isEmailAddress(invitation.email)) {
      throw new RegistryError('rule', `Invalid email address: ${invitation.email}`)
    }
    const { email, actor, post } = invitation
    const token = newInviteCode()
    const row = { teamId: team.id, email, inviterId: actor.account.id, token }
    const about = { email, inviter: actor.account.username, organization: invitation.organization.username }
    const mail = invitationMail(post, { ...about, team: team.name, code: token })
    await commit(store, [
      ...(await queueMail(store, post, mail)),
      store.insert(teamInvite).values(row),
      emailInviteEvent(store, invitation, 'org_invite_team_member'),
    ])
  })
}

/** Takes the invitation of an e-mail address back. @throws `not_found` */
export async function withdrawEmailInvite(
  store: Store,
  invitation: Omit<EmailInvitation, 'post'>,
  firstRead?: EmailInviteRows,
) {
  const [[team], [open]] = await readEmailInvite(store, invitation, firstRead)
  if (!team || !open) throw new RegistryError('not_found', 'no such team, or no such invitation')
  await commit(store, [
    ...withdrawInvite(store, open),
    emailInviteEvent(store, invitation, 'org_delete_team_member_invite'),
  ])
}

async function readEmailInvite(
  store: Store,
  invitation: Omit<EmailInvitation, 'post'>,
  known: EmailInviteRows | undefined,
) {
  const { organization, teamName, email } = invitation
  return known ?? (await store.batch(emailInviteReads(store, organization.id, teamName, email)))
}

const emailInviteEvent = (store: Store, invitation: Omit<EmailInvitation, 'post'>, kind: string) =>
  recordEvent(store, invitation, {
    kind,
    namespaceId: invitation.organization.id,
    metadata: { email: invitation.email, team: invitation.teamName, member: invitation.email },
  })
