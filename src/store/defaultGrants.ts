import { and, asc, eq, getTableColumns, type SQL } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { prefixed, type RowId } from './columns.ts'
import { account, defaultGrant, team } from './schema.ts'
import type { Store } from './store.ts'
import { isMemberOf } from './teams.ts'

const activating = alias(account, 'activating')
const delegate = alias(account, 'delegate')
const personColumns = (table: typeof activating | typeof delegate, prefix: string) =>
  prefixed({ username: table.username, kind: table.kind, email: table.email }, prefix)

/** Default grants with whom they name; each of these is null where it does not apply. */
const defaultGrantsWhere = (store: Store, organizationId: RowId, condition?: SQL) =>
  store
    .select({
      ...getTableColumns(defaultGrant),
      activating: {
        ...personColumns(activating, 'activating'),
        isMember: isMemberOf(organizationId, 'activating', 'activating_is_member'),
      },
      delegate: {
        ...personColumns(delegate, 'delegate'),
        isMember: isMemberOf(organizationId, 'delegate', 'delegate_is_member'),
      },
      team: prefixed({ name: team.name }, 'team'),
    })
    .from(defaultGrant)
    .leftJoin(activating, eq(activating.id, defaultGrant.activatingAccountId))
    .leftJoin(delegate, eq(delegate.id, defaultGrant.delegateAccountId))
    .leftJoin(team, eq(team.id, defaultGrant.delegateTeamId))
    .where(and(eq(defaultGrant.organizationId, organizationId), condition))
    .orderBy(asc(defaultGrant.id))

/** All of an organization. */
export const defaultGrantsOf = (store: Store, organizationId: RowId) => defaultGrantsWhere(store, organizationId)

/** The one of that uuid, if it is the organization's. */
export const defaultGrantWithUuid = (store: Store, organizationId: RowId, uuid: string) =>
  defaultGrantsWhere(store, organizationId, eq(defaultGrant.uuid, uuid))

export type NamedDefaultGrant = Awaited<ReturnType<typeof defaultGrantsOf>>[number]
