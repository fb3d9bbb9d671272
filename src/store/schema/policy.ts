import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
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
    /** How far the tags that were there already have been looked at: the last repository and name. Null once all are. */
    appliedTo: text({ mode: 'json' }).$type<[repositoryId: number, name: string]>(),
    /** The tags that it has made immutable so far, of those. */
    appliedCount: integer().notNull().default(0),
  },
  (t) => [
    index('immutability_policy_namespace').on(t.namespaceId, t.repositoryId),
    uniqueIndex('immutability_policy_of_namespace').on(t.namespaceId, t.pattern).where(sql`repository_id is null`),
    uniqueIndex('immutability_policy_of_repository')
      .on(t.repositoryId, t.pattern)
      .where(sql`repository_id is not null`),
    index('immutability_policy_pending').on(t.id).where(sql`applied_to is not null`),
  ],
)
