import { sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { RowId } from '../../store/columns.ts'
import { teamMember } from '../../store/schema.ts'
import { commit, guard, type Rows, retrying, type Store } from '../../store/store.ts'
import { type InviteForUser, invitesForUser, inviteWithCode } from '../../store/teams.ts'
import type { Actor } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { commitRights, raiseGenerationsOfTeams } from '../grant/raiseGenerations.ts'
import { withdrawInvite } from './invites.ts'

export interface InviteAnswer extends Origin {
  actor: Actor
  code: string
}

/** What an answer to an invitation has to know: the invitation, and all that the user has in the same organization. */
export const inviteReads = (store: Store, code: string, accountId: RowId) =>
  [inviteWithCode(store, code), invitesForUser(store, code, accountId)] as const

type InviteRows = Rows<ReturnType<typeof inviteReads>>

/** Joins every team of the invitation's organization that the user is invited into. @throws `rule` with Quay's words */
export async function acceptInvite(
  store: Store,
  answer: InviteAnswer,
  firstRead?: InviteRows,
): Promise<{ organization: string; team: string; touched: string[] }> {
  const { actor } = answer
  return retrying(async (attempt) => {
    const { invite, all } = await readInvite(store, answer, attempt === 0 ? firstRead : undefined)
    const joining = all.filter(({ isInTeam }) => !isInTeam)
    const opened = joining.map(({ teamId: id, teamRole: role }) => ({ id, role }))
    const raise = raiseGenerationsOfTeams(store, invite.organizationId, opened)
    const touched = await commitRights(store, invite.organization, raise, [
      guard(store, stillOpen(invite)),
      ...all.flatMap((each) => withdrawInvite(store, each)),
      ...joining.map(({ teamId }) => store.insert(teamMember).values({ teamId, accountId: actor.account.id })),
      ...all.map((each) => answerEvent(store, answer, each, 'org_team_member_invite_accepted')),
    ])
    return { organization: invite.organization, team: invite.team, touched }
  })
}

/** Turns one invitation down. @throws `rule` with Quay's words */
export async function declineInvite(store: Store, answer: InviteAnswer, firstRead?: InviteRows): Promise<void> {
  const { invite } = await readInvite(store, answer, firstRead)
  await commit(store, [
    guard(store, stillOpen(invite)),
    ...withdrawInvite(store, invite),
    answerEvent(store, answer, invite, 'org_team_member_invite_declined'),
  ])
}

const stillOpen = (invite: InviteForUser) => sql`exists (select 1 from team_invite where id = ${invite.id})`

const readInvite = async (store: Store, { actor, code }: InviteAnswer, known: InviteRows | undefined) => {
  const rows = known ?? (await store.batch(inviteReads(store, code, actor.account.id)))
  return { invite: openInvite(rows), all: rows[1] }
}

/** The invitation of a code, if it is meant for who asks. @throws `rule` with Quay's words */
export function openInvite([[invite], all]: InviteRows): InviteForUser {
  if (!invite) throw new RegistryError('rule', 'Invalid confirmation code.')
  if (!all.some(({ id }) => id === invite.id)) {
    const meant = invite.account.username ? `user "${invite.account.username}"` : `email "${invite.email}"`
    throw new RegistryError(
      'rule',
      `This invite is intended for ${meant}.\nPlease login to that account and try again.`,
    )
  }
  return all.find(({ id }) => id === invite.id) as InviteForUser
}

const answerEvent = (store: Store, answer: InviteAnswer, invite: InviteForUser, kind: string) =>
  recordEvent(store, answer, {
    kind,
    namespaceId: invite.organizationId,
    metadata: { member: answer.actor.account.username, team: invite.team, inviter: invite.inviter },
  })
