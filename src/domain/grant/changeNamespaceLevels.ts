import { and, eq, sql } from 'drizzle-orm'
import { type Membership, membershipsIn, teamNames } from '../../store/memberships.ts'
import type { Namespace } from '../../store/rights.ts'
import { defaultGrant, repositoryGrant, team, teamMember } from '../../store/schema.ts'
import { commit, guard, type Statement, type Store } from '../../store/store.ts'
import type { Account } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { raiseGenerationsIn } from './raiseGenerations.ts'

/**
 * A level on a whole organization is membership in one of three teams. The lesser two hold a grant on every repository,
 * those to come included: that is what a level on the organization means, and a role in a team alone does not.
 */
const teamOfRank = { 1: 'swr-readers', 2: 'swr-editors', 3: 'owners' } as const
const reserved: readonly string[] = Object.values(teamOfRank)

export type Rank = keyof typeof teamOfRank

export interface LevelChange {
  account: Account
  /** Undefined takes the account out of every team. */
  rank: Rank | undefined
}

export interface LevelChanges extends Origin {
  organization: Namespace
  changes: readonly LevelChange[]
}

/** What `changeNamespaceLevels` has to know. */
export const levelReads = (store: Store, organizationId: Parameters<typeof membershipsIn>[1]) =>
  [membershipsIn(store, organizationId), teamNames(store, organizationId)] as const

/** The rank that each account has through its teams. */
export function ranksOf(memberships: readonly Membership[]): Map<number, Rank> {
  const ranks = new Map<number, Rank>()
  for (const { accountId, rank } of memberships) {
    ranks.set(accountId, Math.max(rank, ranks.get(accountId) ?? 0) as Rank)
  }
  return ranks
}

/** Whether somebody still manages the organization after the changes. */
export function keepsManager(memberships: readonly Membership[], changes: readonly LevelChange[]): boolean {
  const ranks = ranksOf(memberships)
  for (const { account, rank } of changes) {
    if (rank === undefined) ranks.delete(account.id)
    else ranks.set(account.id, rank)
  }
  return [...ranks.values()].includes(3)
}

/** Gives accounts other levels on an organization: all of them or, where one change fails, none. */
export async function changeNamespaceLevels(
  store: Store,
  { organization, changes, ...origin }: LevelChanges,
  [memberships, teams]: readonly [readonly Membership[], readonly { name: string }[]],
): Promise<void> {
  const present = new Set(teams.map(({ name }) => name))
  const missing = new Set(changes.flatMap(({ rank }) => (rank ? [rank] : [])))
  const founded = [...missing].filter((rank) => !present.has(teamOfRank[rank]))
  const told = (kind: string, username: string, name: string) =>
    recordEvent(store, origin, {
      kind,
      namespaceId: organization.id,
      metadata: { member: username, team: name },
    })
  await commit(store, [
    ...founded.flatMap((rank) => foundTeam(store, organization, rank, origin)),
    ...changes.flatMap(({ account, rank }) => {
      const left = memberships.filter((seen) => seen.accountId === account.id && leaves(seen, rank))
      return [
        ...left.flatMap((seen) => [
          store.delete(teamMember).where(and(eq(teamMember.accountId, account.id), eq(teamMember.teamId, seen.teamId))),
          told('org_remove_team_member', account.username, seen.team),
        ]),
        ...(rank && !memberships.some((seen) => seen.accountId === account.id && seen.team === teamOfRank[rank])
          ? [
              store.insert(teamMember).values({ accountId: account.id, teamId: teamId(organization, rank) }),
              told('org_add_team_member', account.username, teamOfRank[rank]),
            ]
          : []),
      ]
    }),
    guard(
      store,
      sql`exists (select 1 from team_member m join team t on t.id = m.team_id
          where t.organization_id = ${organization.id} and t.role = 3)`,
    ),
    raiseGenerationsIn(store, organization.id),
  ])
}

/** Teams that would give more than the new level, and the other levels' own. */
const leaves = (seen: Membership, rank: Rank | undefined) =>
  rank === undefined || seen.rank > rank || (reserved.includes(seen.team) && seen.team !== teamOfRank[rank])

const teamId = (organization: Namespace, rank: Rank) =>
  sql<number>`(select t.id from team t where t.organization_id = ${organization.id} and t.name = ${teamOfRank[rank]})`

function foundTeam(store: Store, organization: Namespace, rank: Rank, origin: Origin): Statement[] {
  const name = teamOfRank[rank]
  const statements: Statement[] = [
    store.insert(team).values({ organizationId: organization.id, name, role: rank }),
    recordEvent(store, origin, { kind: 'org_create_team', namespaceId: organization.id, metadata: { team: name } }),
  ]
  if (rank === 3) return statements
  const role = sql.raw(String(rank))
  return [
    ...statements,
    store.insert(repositoryGrant).select(
      store
        .select({
          id: sql`null`.as('id'),
          repositoryId: sql`r.id`.as('repository_id'),
          accountId: sql`null`.as('account_id'),
          teamId: sql`${teamId(organization, rank)}`.as('team_id'),
          role: sql`${role}`.as('role'),
        })
        .from(sql`repository r where r.namespace_id = ${organization.id} and r.deleted_at is null`) as never,
    ),
    store.insert(defaultGrant).values({
      uuid: crypto.randomUUID(),
      organizationId: organization.id,
      delegateTeamId: teamId(organization, rank),
      role: rank,
    }),
  ]
}
