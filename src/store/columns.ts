import { getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'

type Columns = Record<string, SQLiteColumn>
type Data<C extends SQLiteColumn> = C['_']['notNull'] extends true ? C['_']['data'] : C['_']['data'] | null

/**
 * Columns under names of their own. D1 answers a batch with objects, in which two columns of one name are one:
 * where a statement reads more than one table, all but one of them are read through this.
 */
export function prefixed<T extends Columns>(columns: T, prefix: string): { [K in keyof T]: SQL.Aliased<Data<T[K]>> } {
  const aliased = Object.entries(columns).map(([key, column]) => [
    key,
    sql`${column}`.mapWith(column).as(`${prefix}_${key}`),
  ])
  return Object.fromEntries(aliased) as { [K in keyof T]: SQL.Aliased<Data<T[K]>> }
}

/** All columns of a table, prefixed. */
export const allPrefixed = <T extends SQLiteTable>(table: T, prefix: string) =>
  prefixed(getTableColumns(table) as unknown as T['_']['columns'] & Columns, prefix)

/** A row's id, known or as a subquery. */
export type RowId = number | SQL<number> | SQL<number | null>
