import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { flag, id, instant } from './columns.ts'
import { account } from './namespace.ts'

export const repositoryStates = ['NORMAL', 'READ_ONLY', 'MIRROR', 'MARKED_FOR_DELETION', 'ORG_MIRROR'] as const

export const repository = sqliteTable(
  'repository',
  {
    id: id(),
    namespaceId: integer()
      .notNull()
      .references(() => account.id),
    /** May hold slashes. A deleted repository gives its name up for a uuid. */
    name: text().notNull(),
    isPublic: flag().notNull(),
    /** Null until somebody gives one: a push that creates a repository does not. */
    description: text(),
    state: text({ enum: repositoryStates }).notNull().default('NORMAL'),
    badgeToken: text().notNull(),
    trustEnabled: flag().notNull().default(false),
    /** Raised by every change to the repository's tags, grants or visibility. */
    generation: integer().notNull().default(0),
    /** Rows in `tag`; those whose expiry has passed and that no one has ended yet are counted too. */
    tagCount: integer().notNull().default(0),
    /** Sum over the distinct blobs that the repository's manifests need. */
    sizeBytes: integer().notNull().default(0),
    pullCount: integer().notNull().default(0),
    /** The last change of a tag, the description or the visibility. */
    updatedAt: instant().notNull(),
    createdAt: instant().notNull(),
    deletedAt: instant(),
    swrCategory: text().notNull().default('other'),
    swrCreatorId: integer(),
  },
  (t) => [
    uniqueIndex('repository_name').on(t.namespaceId, t.name),
    index('repository_public').on(t.id).where(sql`is_public = 1 and deleted_at is null`),
    index('repository_in_namespace').on(t.namespaceId, t.id).where(sql`deleted_at is null`),
    index('repository_public_in_namespace').on(t.namespaceId, t.id).where(sql`is_public = 1 and deleted_at is null`),
    index('repository_deleted').on(t.deletedAt).where(sql`deleted_at is not null`),
  ],
)

export const star = sqliteTable(
  'star',
  {
    accountId: integer()
      .notNull()
      .references(() => account.id),
    repositoryId: integer()
      .notNull()
      .references(() => repository.id),
    createdAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.repositoryId] }), index('star_repository').on(t.repositoryId)],
)

/** Actions on a repository per UTC day (`YYYY-MM-DD`). */
export const actionCount = sqliteTable(
  'action_count',
  {
    repositoryId: integer()
      .notNull()
      .references(() => repository.id),
    day: text().notNull(),
    count: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.repositoryId, t.day] })],
)

export const authorizedEmail = sqliteTable(
  'authorized_email',
  {
    repositoryId: integer()
      .notNull()
      .references(() => repository.id),
    email: text().notNull(),
    confirmed: flag().notNull().default(false),
    code: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.repositoryId, t.email] })],
)
