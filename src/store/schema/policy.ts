import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { flag, id } from './columns.ts'
import { account } from './namespace.ts'
import { repository } from './repository.ts'

/** Makes new tags immutable whose whole name matches the pattern (or does not, where `matches` is false). */
export const immutabilityPolicy = sqliteTable(
  'immutability_policy',
  {
    id: id(),
    uuid: text().notNull().unique(),
    namespaceId: integer()
      .notNull()
      .references(() => account.id),
    /** Null where the policy is the whole namespace's. */
    repositoryId: integer().references(() => repository.id),
    pattern: text().notNull(),
    matches: flag().notNull(),
  },
  (t) => [index('immutability_policy_namespace').on(t.namespaceId, t.repositoryId)],
)
