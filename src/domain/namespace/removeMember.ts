import { and, eq, inArray, sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { RowId } from '../../store/columns.ts'
import { grantsOfMember, memberWithTeams } from '../../store/members.ts'
import type { Namespace } from '../../store/rights.ts'
import { repositoryGrant, teamMember } from '../../store/schema.ts'
import { guard, type Rows, retrying, type Store } from '../../store/store.ts'
import { administrators } from '../../store/teams.ts'
import type { Actor } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { commitRights, raiseGenerationsOfMember } from '../grant/raiseGenerations.ts'
import { teamRank } from '../token/scope.ts'

export interface OrganizationMemberRemoval extends Origin {
  actor: Actor
  organization: Namespace
  username: string
}

/** What `removeMember` has to know. */
export const memberReads = (store: Store, organizationId: RowId, username: string) =>
  [
    memberWithTeams(store, organizationId, username),
    grantsOfMember(store, organizationId, username),
    administrators(store, organizationId),
  ] as const

/**
 * Takes a user out of all teams of an organization, and all its own grants on repositories there away. Whoever has neither
 * is out already.
 * @returns the paths of the repositories that this closes
 * @throws `not_found`, `rule` for the only administrator
 */
export async function removeMember(
  store: Store,
  removal: OrganizationMemberRemoval,
  firstRead?: Rows<ReturnType<typeof memberReads>>,
): Promise<string[]> {
  const { organization, username } = removal
  return retrying(async (attempt) => {
    const known = attempt === 0 ? firstRead : undefined
    const [rows, grants, admins] = known ?? (await store.batch(memberReads(store, organization.id, username)))
    const [user] = rows
    if (user?.kind !== 'user') throw new RegistryError('not_found', `no user ${username}`)
    const isAdmin = admins.some(({ accountId }) => accountId === user.id)
    if (isAdmin && !admins.some((other) => other.accountId !== user.id && other.isUser)) {
      throw new RegistryError('rule', 'Cannot remove user as they are the only organization admin')
    }
    const teams = rows.flatMap(({ team }) => (team.name === null ? [] : [team.name]))
    if (teams.length === 0 && grants.length === 0) return []
    const inTeams = sql`(select t.id from team t where t.organization_id = ${organization.id})`
    const inRepositories = sql`(select r.id from repository r where r.namespace_id = ${organization.id})`
    const raise = raiseGenerationsOfMember(store, user.id, organization.id)
    return commitRights(store, organization.username, raise, [
      ...(isAdmin ? [guard(store, someoneElseAdministers(organization.id, user.id))] : []),
      store.delete(teamMember).where(and(eq(teamMember.accountId, user.id), inArray(teamMember.teamId, inTeams))),
      store
        .delete(repositoryGrant)
        .where(and(eq(repositoryGrant.accountId, user.id), inArray(repositoryGrant.repositoryId, inRepositories))),
      recordEvent(store, removal, {
        kind: 'org_remove_team_member',
        namespaceId: organization.id,
        metadata: {
          member: username,
          team: teams.join(', ') || null,
          repositories: grants.map(({ repository }) => repository.name),
        },
      }),
    ])
  })
}

const someoneElseAdministers = (organizationId: number, userId: number) =>
  sql`exists (
    select 1 from team_member m join team t on t.id = m.team_id join account a on a.id = m.account_id
    where t.organization_id = ${organizationId} and t.role = ${teamRank('admin')}
      and m.account_id <> ${userId} and a.kind = 'user')`
