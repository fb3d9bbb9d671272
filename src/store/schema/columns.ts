import { integer } from 'drizzle-orm/sqlite-core'

/** Row ids are never reused: a right, a token or a cache entry bound to one can't come to mean something else. */
export const id = () => integer().primaryKey({ autoIncrement: true })

/** An instant, kept as epoch milliseconds. */
export const instant = () => integer({ mode: 'timestamp_ms' })

export const flag = () => integer({ mode: 'boolean' })
