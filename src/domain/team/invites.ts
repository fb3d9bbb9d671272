import { and, eq } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { RowId } from '../../store/columns.ts'
import type { Namespace } from '../../store/rights.ts'
import { accountNotice, teamInvite } from '../../store/schema.ts'
import { commit, type Rows, retrying, type Statement, type Store } from '../../store/store.ts'
import { type Candidate, inviteByEmail, type Team, type TeamInvite, teamNamed } from '../../store/teams.ts'
import type { Actor } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'

interface Invitation extends Origin {
  actor: Actor
  organization: Namespace
}

export interface EmailInvitation extends Invitation {
  teamName: string
  email: string
}

const newInviteCode = () => `urn:teaminvite:${crypto.randomUUID()}`

/** Invites a user, who finds a notice of it in the console; an earlier invitation into the team gives way. */
export function inviteAccount(store: Store, invitation: Invitation, team: Team, user: Candidate): Statement[] {
  const { actor, organization, now } = invitation
  const token = newInviteCode()
  return [
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
    const { email, actor } = invitation
    const row = { teamId: team.id, email, inviterId: actor.account.id, token: newInviteCode() }
    await commit(store, [
      store.insert(teamInvite).values(row),
      emailInviteEvent(store, invitation, 'org_invite_team_member'),
    ])
  })
}

/** Takes the invitation of an e-mail address back. @throws `not_found` */
export async function withdrawEmailInvite(store: Store, invitation: EmailInvitation, firstRead?: EmailInviteRows) {
  const [[team], [open]] = await readEmailInvite(store, invitation, firstRead)
  if (!team || !open) throw new RegistryError('not_found', 'no such team, or no such invitation')
  await commit(store, [
    ...withdrawInvite(store, open),
    emailInviteEvent(store, invitation, 'org_delete_team_member_invite'),
  ])
}

async function readEmailInvite(store: Store, invitation: EmailInvitation, known: EmailInviteRows | undefined) {
  const { organization, teamName, email } = invitation
  return known ?? (await store.batch(emailInviteReads(store, organization.id, teamName, email)))
}

const emailInviteEvent = (store: Store, invitation: EmailInvitation, kind: string) =>
  recordEvent(store, invitation, {
    kind,
    namespaceId: invitation.organization.id,
    metadata: { email: invitation.email, team: invitation.teamName, member: invitation.email },
  })
