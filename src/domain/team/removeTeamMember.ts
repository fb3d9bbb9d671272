import { and, eq, sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { RowId } from '../../store/columns.ts'
import type { Namespace } from '../../store/rights.ts'
import { teamMember } from '../../store/schema.ts'
import { commit, guard, type Rows, retrying, type Statement, type Store } from '../../store/store.ts'
import { type Candidate, candidateNamed, inviteOf, type Team, teamNamed, teamsOfMember } from '../../store/teams.ts'
import type { Actor } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { commitRights, raiseGenerationsOfTeams } from '../grant/raiseGenerations.ts'
import { teamRank } from '../token/scope.ts'
import { withdrawInvite } from './invites.ts'

export interface MemberRemoval extends Origin {
  actor: Actor
  organization: Namespace
  teamName: string
  memberName: string
}

/** What `removeTeamMember` has to know; the last of it is the actor's own teams. */
export const memberRemovalReads = (
  store: Store,
  organizationId: RowId,
  teamName: string,
  memberName: string,
  actorId: RowId,
) =>
  [
    teamNamed(store, organizationId, teamName),
    candidateNamed(store, memberName, organizationId, teamName),
    inviteOf(store, organizationId, teamName, memberName),
    teamsOfMember(store, organizationId, actorId),
  ] as const

/**
 * Takes a member out of a team, or an open invitation back. Nobody takes themselves out of their only admin team.
 * @returns the paths of the repositories that this closes
 * @throws `not_found`, `rule` with Quay's words
 */
export async function removeTeamMember(
  store: Store,
  removal: MemberRemoval,
  firstRead?: Rows<ReturnType<typeof memberRemovalReads>>,
): Promise<string[]> {
  const { organization, teamName, memberName, actor } = removal
  return retrying(async (attempt) => {
    const known = attempt === 0 ? firstRead : undefined
    const [[team], [member], [invite], ofActor] =
      known ?? (await store.batch(memberRemovalReads(store, organization.id, teamName, memberName, actor.account.id)))
    if (!team || !member) throw new RegistryError('not_found', 'no such team, or no such user')
    if (invite) {
      const who = { user: memberName, member: memberName, team: teamName }
      const kind = 'org_delete_team_member_invite'
      const event = recordEvent(store, removal, { kind, namespaceId: organization.id, metadata: who })
      await commit(store, [...withdrawInvite(store, invite), event])
      return []
    }
    if (!member.isInTeam) {
      throw new RegistryError('rule', `User ${memberName} does not belong to team ${teamName}`)
    }
    const admin = teamRank('admin')
    const leaves = member.id === actor.account.id && team.role === admin
    if (leaves && !ofActor.some((other) => other.role === admin && other.id !== team.id)) {
      throw new RegistryError('rule', 'User cannot remove themselves from their only admin team.')
    }
    const raise = raiseGenerationsOfTeams(store, organization.id, [team])
    return commitRights(store, organization.username, raise, [
      ...(leaves ? [guard(store, administersOtherwise(team, member))] : []),
      ...leaving(store, team, member),
      recordEvent(store, removal, {
        kind: 'org_remove_team_member',
        namespaceId: organization.id,
        metadata: { member: memberName, team: teamName },
      }),
    ])
  })
}

const leaving = (store: Store, team: Team, member: Candidate): Statement[] => {
  const membership = and(eq(teamMember.teamId, team.id), eq(teamMember.accountId, member.id))
  return [
    guard(store, sql`exists (select 1 from ${teamMember} where ${membership})`),
    store.delete(teamMember).where(membership),
  ]
}

/** Whether a member of an admin team is in another one of the organization. */
export const administersOtherwise = (team: Pick<Team, 'id' | 'organizationId'>, { id }: { id: number }) =>
  sql`exists (
    select 1 from team_member m join team t on t.id = m.team_id
    where m.account_id = ${id} and t.organization_id = ${team.organizationId}
      and t.role = ${teamRank('admin')} and t.id <> ${team.id})`
