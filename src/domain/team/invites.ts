import { and, eq } from 'drizzle-orm'
import type { Namespace } from '../../store/rights.ts'
import { accountNotice, teamInvite } from '../../store/schema.ts'
import type { Statement, Store } from '../../store/store.ts'
import type { Candidate, Team } from '../../store/teams.ts'
import type { Actor } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'

interface Invitation extends Origin {
  actor: Actor
  organization: Namespace
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
      metadata: {
        code: token,
        inviter: actor.account.username,
        org: organization.username,
        team: team.name,
      },
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
