import { and, eq } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { Settings } from '../../settings.ts'
import type { RowId } from '../../store/columns.ts'
import type { Namespace } from '../../store/rights.ts'
import { teamInvite, teamMember } from '../../store/schema.ts'
import { commit, type Rows, retrying, type Statement, type Store } from '../../store/store.ts'
import { type Candidate, candidateNamed, type Team, teamNamed } from '../../store/teams.ts'
import type { Actor } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { commitRights, raiseGenerationsOfTeams } from '../grant/raiseGenerations.ts'
import type { Post } from '../mail/queueMail.ts'
import { inviteAccount } from './invites.ts'

export interface NewMember extends Origin {
  actor: Actor
  organization: Namespace
  teamName: string
  /** A user, or a robot by its full name. */
  memberName: string
  settings: Settings
  post: Post
}

/** What changing a team's membership has to know. */
export const memberReads = (store: Store, organizationId: RowId, teamName: string, memberName: string) =>
  [teamNamed(store, organizationId, teamName), candidateNamed(store, memberName, organizationId, teamName)] as const

export type MemberRows = Rows<ReturnType<typeof memberReads>>

/**
 * Puts a user or a robot of the organization into a team. Where invitations are required (and there is mail to send them
 * by), a user who is new to the organization is invited instead.
 * @throws `not_found` for the team, `invalid` for the member, `rule`
 * @param firstRead what `memberReads` found, where the request has read it already
 */
export async function addTeamMember(
  store: Store,
  wanted: NewMember,
  firstRead?: MemberRows,
): Promise<{ member: Candidate; isInvited: boolean; touched: string[] }> {
  const { organization, teamName, memberName } = wanted
  return retrying(async (attempt) => {
    const known = attempt === 0 ? firstRead : undefined
    const [[team], [member]] = known ?? (await store.batch(memberReads(store, organization.id, teamName, memberName)))
    if (!team) throw new RegistryError('not_found', `no team ${teamName}`)
    if (!member) throw new RegistryError('invalid', 'Unknown user')
    if (member.isInTeam) {
      throw new RegistryError('rule', `User ${memberName} is already a member of team ${teamName}`)
    }
    if (member.kind === 'robot' && member.ownerId !== organization.id) {
      throw new RegistryError(
        'rule',
        'Cannot add the specified robot to this team, as it is not a member of the organization',
      )
    }
    if (needsInvite(member, wanted.settings)) {
      await commit(store, await inviteAccount(store, wanted, team, member))
      return { member, isInvited: true, touched: [] }
    }
    const raise = raiseGenerationsOfTeams(store, organization.id, [team])
    const touched = await commitRights(store, organization.username, raise, joining(store, wanted, team, member))
    return { member, isInvited: false, touched }
  })
}

const needsInvite = (member: Candidate, settings: Settings) =>
  settings.FEATURE_MAILING && settings.FEATURE_REQUIRE_TEAM_INVITE && member.kind === 'user' && !member.isInOrganization

const joining = (store: Store, wanted: NewMember, team: Team, member: Candidate): Statement[] => [
  store.insert(teamMember).values({ teamId: team.id, accountId: member.id }),
  // An invitation that is still open has nothing left to offer.
  store.delete(teamInvite).where(and(eq(teamInvite.teamId, team.id), eq(teamInvite.accountId, member.id))),
  recordEvent(store, wanted, {
    kind: 'org_add_team_member',
    namespaceId: team.organizationId,
    metadata: { member: member.username, team: team.name },
  }),
]
