import { eq, sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { RowId } from '../../store/columns.ts'
import type { Namespace } from '../../store/rights.ts'
import { accountNotice, defaultGrant, repositoryGrant, team, teamInvite, teamMember } from '../../store/schema.ts'
import { guard, type Rows, retrying, type Statement, type Store } from '../../store/store.ts'
import { administrators, type Team, teamNamed } from '../../store/teams.ts'
import type { Actor } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { commitRights, raiseGenerationsOfTeams } from '../grant/raiseGenerations.ts'
import { teamRank } from '../token/scope.ts'

export interface TeamDeletion extends Origin {
  actor: Actor
  organization: Namespace
  name: string
}

/** What `deleteTeam` has to know: the team, and who administers the organization through which team. */
export const teamDeletionReads = (store: Store, organizationId: RowId, name: string) =>
  [teamNamed(store, organizationId, name), administrators(store, organizationId)] as const

/**
 * Deletes a team with its memberships, invitations, grants and default grants. Neither the actor nor the organization loses
 * its last administrator with it.
 * @returns the paths of the repositories that this closes
 * @throws `rule` with Quay's words
 */
export async function deleteTeam(
  store: Store,
  deletion: TeamDeletion,
  firstRead?: Rows<ReturnType<typeof teamDeletionReads>>,
): Promise<string[]> {
  const { organization, name, actor } = deletion
  return retrying(async (attempt) => {
    const known = attempt === 0 ? firstRead : undefined
    const [[seen], admins] = known ?? (await store.batch(teamDeletionReads(store, organization.id, name)))
    if (!seen) throw new RegistryError('rule', `Team '${name}' is not a team in org '${organization.username}'`)
    const administers = seen.role === teamRank('admin')
    // Whoever is in the team has to administer through another one; for an outsider somebody else has to.
    const ofActor = admins.filter(({ accountId }) => accountId === actor.account.id)
    const needed = ofActor.some(({ teamId }) => teamId === seen.id) ? ofActor : admins
    if (administers && !needed.some(({ teamId }) => teamId !== seen.id)) {
      throw new RegistryError(
        'rule',
        `Deleting team '${name}' would remove admin ability for user '${actor.account.username}' in organization '${organization.username}'`,
      )
    }
    const raise = raiseGenerationsOfTeams(store, organization.id, [seen])
    return commitRights(store, organization.username, raise, [
      guard(store, sql`exists (select 1 from team where id = ${seen.id} and role = ${seen.role})`),
      ...(administers ? [guard(store, someoneElseAdministers(seen, needed === admins ? undefined : actor))] : []),
      ...removal(store, seen),
      recordEvent(store, deletion, {
        kind: 'org_delete_team',
        namespaceId: organization.id,
        metadata: { team: name },
      }),
    ])
  })
}

const someoneElseAdministers = (seen: Team, actor: Actor | undefined) =>
  sql`exists (
    select 1 from team_member m join team t on t.id = m.team_id
    where t.organization_id = ${seen.organizationId} and t.role = ${teamRank('admin')} and t.id <> ${seen.id}
      and ${actor ? sql`m.account_id = ${actor.account.id}` : sql`true`})`

function removal(store: Store, seen: Team): Statement[] {
  return [
    store.delete(teamMember).where(eq(teamMember.teamId, seen.id)),
    store
      .delete(accountNotice)
      .where(
        sql`(account_id, lookup_path) in (select i.account_id, i.token from team_invite i where i.team_id = ${seen.id})`,
      ),
    store.delete(teamInvite).where(eq(teamInvite.teamId, seen.id)),
    store.delete(repositoryGrant).where(eq(repositoryGrant.teamId, seen.id)),
    store.delete(defaultGrant).where(eq(defaultGrant.delegateTeamId, seen.id)),
    store.delete(team).where(eq(team.id, seen.id)),
  ]
}
