import { sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { id, instant } from './columns.ts'

/** One row per kind of background work: who holds it until when, and how far it has come. */
export const job = sqliteTable('job', {
  name: text().primaryKey(),
  leasedUntil: instant().notNull(),
  /** Where the next run goes on; each kind of work has its own form. */
  cursor: text().notNull().default(''),
})

/** Content that nothing names any more: its bytes are deleted after the row that named them. */
export const garbage = sqliteTable('garbage', {
  id: id(),
  storageKey: text().notNull(),
})
