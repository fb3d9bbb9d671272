import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { RowId } from '../../store/columns.ts'
import { repository } from '../../store/schema.ts'
import { commit, type Statement, type Store } from '../../store/store.ts'
import type { Team } from '../../store/teams.ts'
import { teamRank } from '../token/scope.ts'

/*
 * Whatever is kept about a repository is kept for one generation of it. A change of rights belongs in one batch with the
 * statement that raises the generation of every repository on which somebody's right may have become another one.
 */

/** Of one repository: a grant on it changed. */
export const raiseGeneration = (store: Store, repositoryId: RowId) => raiseWhere(store, eq(repository.id, repositoryId))

/** Of what teams open: all of their organization's repositories if one administers it, else those that they have grants on. */
export const raiseGenerationsOfTeams = (
  store: Store,
  organizationId: number,
  teams: readonly Pick<Team, 'id' | 'role'>[],
) =>
  teams.some(({ role }) => role === teamRank('admin'))
    ? raiseGenerationsIn(store, organizationId)
    : raiseWhere(
        store,
        sql`${repository.id} in (
          select g.repository_id from repository_grant g
          where g.team_id in (select value from json_each(${JSON.stringify(teams.map(({ id }) => id))})))`,
      )

/** Of all repositories of a namespace. */
export const raiseGenerationsIn = (store: Store, namespaceId: RowId) =>
  raiseWhere(store, eq(repository.namespaceId, namespaceId))

/** Of all repositories of a namespace that an account has a right on by its own grants or through teams. */
export const raiseGenerationsOfMember = (store: Store, accountId: RowId, namespaceId: RowId) =>
  raiseWhere(
    store,
    and(
      eq(repository.namespaceId, namespaceId),
      sql`${repository.id} in (
        select g.repository_id from repository_grant g where g.account_id = ${accountId}
        union all
        select g.repository_id from repository_grant g join team_member m on m.team_id = g.team_id
        where m.account_id = ${accountId}
        union all
        select r.id from repository r join team t on t.organization_id = r.namespace_id and t.role = ${teamRank('admin')}
        join team_member m on m.team_id = t.id
        where m.account_id = ${accountId} and r.namespace_id = ${namespaceId})`,
    ) as SQL,
  )

const raiseWhere = (store: Store, condition: SQL) =>
  store
    .update(repository)
    .set({ generation: sql`${repository.generation} + 1` })
    .where(condition)
    .returning({ name: repository.name })

/**
 * Runs a change of rights in a namespace.
 * @returns the paths of the repositories whose generation it raised: what is kept of them at this edge has to go
 */
export async function commitRights(
  store: Store,
  namespace: string,
  raise: ReturnType<typeof raiseGenerationsIn> | undefined,
  statements: readonly Statement[],
): Promise<string[]> {
  if (!raise) {
    await commit(store, statements)
    return []
  }
  // First: it looks at grants and memberships that the change may take away.
  const [raised] = await commit(store, [raise, ...statements])
  return raised.map(({ name }) => `${namespace}/${name}`)
}
