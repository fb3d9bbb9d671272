import { sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { id } from './columns.ts'

/** What the superusers want everybody to read. */
export const globalMessage = sqliteTable('global_message', {
  id: id(),
  uuid: text().notNull().unique(),
  content: text().notNull(),
  severity: text({ enum: ['info', 'warning', 'error'] }).notNull(),
  mediaType: text({ enum: ['text/plain', 'text/markdown'] }).notNull(),
})
