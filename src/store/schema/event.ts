import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { instant, logId } from './columns.ts'

/** One line of the audit log, written in the batch of the change it tells of. */
export const event = sqliteTable(
  'event',
  {
    id: logId(),
    kind: text().notNull(),
    namespaceId: integer(),
    repositoryId: integer(),
    performerId: integer(),
    ip: text(),
    at: instant().notNull(),
    metadata: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
  },
  (t) => [
    index('event_namespace').on(t.namespaceId, t.at),
    index('event_repository').on(t.repositoryId, t.at),
    index('event_performer').on(t.performerId, t.at),
    index('event_at').on(t.at),
  ],
)
