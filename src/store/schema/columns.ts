import { integer } from 'drizzle-orm/sqlite-core'

/** Row ids are never reused: a right, a token or a cache entry bound to one can't come to mean something else. */
export const id = () => integer().primaryKey({ autoIncrement: true })

/**
 * The id of a table that is only added to, and to which no right is bound. It needs no sequence of its own: SQLite looks
 * all sequences through, a dozen rows for each insert.
 */
export const logId = () => integer().primaryKey()

/** An instant, kept as epoch milliseconds. */
export const instant = () => integer({ mode: 'timestamp_ms' })

export const flag = () => integer({ mode: 'boolean' })
