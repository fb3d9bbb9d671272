import { eq, sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { RowId } from '../../store/columns.ts'
import type { Namespace } from '../../store/rights.ts'
import { team } from '../../store/schema.ts'
import { commit, guard, type Rows, retrying, type Statement, type Store } from '../../store/store.ts'
import { type Team, teamNamed, teamsOfMember } from '../../store/teams.ts'
import type { Actor } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { commitRights, raiseGenerationsIn } from '../grant/raiseGenerations.ts'
import { namespaceNameProblem } from '../reference.ts'
import { type TeamRole, teamRank } from '../token/scope.ts'
import { administersOtherwise } from './removeTeamMember.ts'

export interface TeamDetails extends Origin {
  actor: Actor
  organization: Namespace
  name: string
  role: TeamRole
  /** Stays as it is where undefined. */
  description: string | undefined
}

/** What `saveTeam` has to know: the team, and the teams that the actor is in. */
export const teamReads = (store: Store, organizationId: RowId, name: string, actorId: RowId) =>
  [teamNamed(store, organizationId, name), teamsOfMember(store, organizationId, actorId)] as const

export type TeamRows = Rows<ReturnType<typeof teamReads>>

/**
 * Creates a team, or changes what differs. Nobody takes their own last hold on the organization away.
 * @throws `rule` with Quay's words
 * @param firstRead what `teamReads` found, where the request has read it already
 */
export async function saveTeam(
  store: Store,
  details: TeamDetails,
  firstRead?: TeamRows,
): Promise<{ team: Pick<Team, 'name' | 'description' | 'role'>; isNew: boolean; touched: string[] }> {
  const { organization, name, actor } = details
  return retrying(async (attempt) => {
    const known = attempt === 0 ? firstRead : undefined
    const [[seen], ofActor] = known ?? (await store.batch(teamReads(store, organization.id, name, actor.account.id)))
    if (!seen) {
      await commit(store, creation(store, details))
      const team = { name, description: details.description ?? '', role: teamRank(details.role) }
      return { team, isNew: true, touched: [] }
    }
    const changes = change(store, details, seen, ofActor)
    const role = teamRank(details.role)
    // Only the role `admin` opens repositories by itself.
    const opens = role !== seen.role && (role === teamRank('admin') || seen.role === teamRank('admin'))
    const raise = opens ? raiseGenerationsIn(store, organization.id) : undefined
    const touched = changes.length > 0 ? await commitRights(store, organization.username, raise, changes) : []
    return { team: { name, description: details.description ?? seen.description, role }, isNew: false, touched }
  })
}

function creation(store: Store, details: TeamDetails): Statement[] {
  const { organization, name, role, description = '' } = details
  const problem = namespaceNameProblem(name, 'Team')
  if (problem) throw new RegistryError('rule', `Invalid team name ${name}: ${problem}`)
  return [
    store.insert(team).values({ organizationId: organization.id, name, role: teamRank(role), description }),
    recordEvent(store, details, { kind: 'org_create_team', namespaceId: organization.id, metadata: { team: name } }),
  ]
}

function change(store: Store, details: TeamDetails, seen: Team, ofActor: readonly Team[]): Statement[] {
  const { organization, name, role, description } = details
  const namespaceId = organization.id
  const statements: Statement[] = []
  if (description !== undefined && description !== seen.description) {
    statements.push(
      store.update(team).set({ description }).where(eq(team.id, seen.id)),
      recordEvent(store, details, {
        kind: 'org_set_team_description',
        namespaceId,
        metadata: { team: name, description },
      }),
    )
  }
  if (teamRank(role) !== seen.role) {
    const admin = teamRank('admin')
    const demotes = seen.role === admin && ofActor.some(({ id }) => id === seen.id)
    if (demotes && !ofActor.some((other) => other.role === admin && other.id !== seen.id)) {
      throw new RegistryError(
        'rule',
        `Cannot remove admin from team '${name}' because calling user would no longer have admin on org '${organization.username}'`,
      )
    }
    statements.push(
      guard(store, sql`exists (select 1 from team where id = ${seen.id} and role = ${seen.role})`),
      ...(demotes ? [guard(store, administersOtherwise(seen, details.actor.account))] : []),
      store
        .update(team)
        .set({ role: teamRank(role) })
        .where(eq(team.id, seen.id)),
      recordEvent(store, details, { kind: 'org_set_team_role', namespaceId, metadata: { team: name, role } }),
    )
  }
  return statements
}
