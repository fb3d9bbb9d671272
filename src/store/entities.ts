import { and, asc, eq, getTableColumns, isNull, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { RowId } from './columns.ts'
import { account, team } from './schema.ts'
import type { Store } from './store.ts'
import { isMemberOf } from './teams.ts'

/** Names that begin with a text, as a range of the column's index: no name holds a character that sorts after a tilde. */
const startsWith = (column: SQLiteColumn, prefix: string): SQL =>
  sql`${column} >= ${prefix} and ${column} < ${`${prefix}~`}`

const found = (namespaceId: RowId) => ({ ...getTableColumns(account), isMember: isMemberOf(namespaceId) })

/** Users whose name begins with a text, the one with just this name first, and whether each is a member of the namespace. */
export const usersStarting = (store: Store, prefix: string, namespaceId: RowId, limit: number) =>
  store
    .select(found(namespaceId))
    .from(account)
    // Not a parameter: the index of users' names is only used where the kind is plain to see.
    .where(and(startsWith(account.username, prefix), sql`${account.kind} = 'user'`, isNull(account.deletedName)))
    .orderBy(asc(account.username))
    .limit(limit)

/** A namespace's robots whose short name begins with a text. */
export const robotsStarting = (store: Store, prefix: string, namespace: string, namespaceId: RowId, limit: number) =>
  store
    .select(found(namespaceId))
    .from(account)
    .where(and(startsWith(account.username, `${namespace}+${prefix}`), eq(account.ownerId, namespaceId)))
    .orderBy(asc(account.username))
    .limit(limit)

/** An organization's teams whose name begins with a text. */
export const teamsStarting = (store: Store, prefix: string, organizationId: RowId, limit: number) =>
  store
    .select()
    .from(team)
    .where(and(eq(team.organizationId, organizationId), startsWith(team.name, prefix)))
    .orderBy(asc(team.name))
    .limit(limit)

export type FoundAccount = Awaited<ReturnType<typeof usersStarting>>[number]
