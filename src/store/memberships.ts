import { and, asc, eq, sql } from 'drizzle-orm'
import { prefixed, type RowId } from './columns.ts'
import { account, team, teamMember } from './schema.ts'
import type { Store } from './store.ts'

/** Who is in which team of an organization: one row each. */
export const membershipsIn = (store: Store, organizationId: RowId) =>
  store
    .select({
      accountId: account.id,
      swrId: account.swrId,
      username: account.username,
      ...prefixed({ teamId: team.id, team: team.name, rank: team.role }, 'in'),
    })
    .from(team)
    .innerJoin(teamMember, eq(teamMember.teamId, team.id))
    .innerJoin(account, eq(account.id, teamMember.accountId))
    .where(eq(team.organizationId, organizationId))
    .orderBy(asc(account.id), asc(team.id))

export type Membership = Awaited<ReturnType<typeof membershipsIn>>[number]

/** Users and robots by their identifiers in the SWR dialect. */
export const accountsBySwrId = (store: Store, swrIds: readonly string[]) =>
  store
    .select()
    .from(account)
    .where(
      and(
        sql`${account.swrId} in (select value from json_each(${JSON.stringify(swrIds)}))`,
        sql`${account.kind} <> 'organization'`,
      ),
    )

export const teamNames = (store: Store, organizationId: RowId) =>
  store.select({ name: team.name }).from(team).where(eq(team.organizationId, organizationId))
