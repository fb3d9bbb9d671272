import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { flag, id, instant } from './columns.ts'
import { repository } from './repository.ts'

const ofRepository = () =>
  integer()
    .notNull()
    .references(() => repository.id)

/** A repository shared with another account, until the end of a day or for ever. */
export const share = sqliteTable(
  'share',
  {
    repositoryId: ofRepository(),
    accessDomain: text().notNull(),
    /** As it was given: an RFC 3339 time or `forever`. */
    deadline: text().notNull(),
    /** The first instant at which the share is no longer valid. */
    endsAt: instant(),
    description: text().notNull().default(''),
    creatorId: integer().notNull(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.repositoryId, t.accessDomain] }), index('share_domain').on(t.accessDomain)],
)

/** Which tags of a repository are kept; one policy for each. */
export const retention = sqliteTable('retention', {
  id: id(),
  repositoryId: ofRepository().unique(),
  algorithm: text().notNull(),
  rules: text({ mode: 'json' }).$type<Record<string, unknown>[]>().notNull(),
})

/** A tag that a retention rule has deleted. */
export const retentionLog = sqliteTable(
  'retention_log',
  {
    id: id(),
    repositoryId: ofRepository(),
    retentionId: integer().notNull(),
    /** The rule as JSON text. */
    rule: text().notNull(),
    tag: text().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [index('retention_log_repository').on(t.repositoryId, t.id)],
)

/** What a cluster is to be told when a tag is pushed. */
export const imageTrigger = sqliteTable(
  'image_trigger',
  {
    id: id(),
    repositoryId: ofRepository(),
    name: text().notNull(),
    /** The request's members, as they were given. */
    settings: text({ mode: 'json' }).$type<Record<string, string>>().notNull(),
    creatorName: text().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [uniqueIndex('image_trigger_name').on(t.repositoryId, t.name)],
)

/** Copies what is pushed to another region's namespace. */
export const imageSync = sqliteTable(
  'image_sync',
  {
    id: id(),
    repositoryId: ofRepository(),
    remoteRegion: text().notNull(),
    remoteNamespace: text().notNull(),
    isAutomatic: flag().notNull(),
    overrides: flag().notNull(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [uniqueIndex('image_sync_remote').on(t.repositoryId, t.remoteRegion, t.remoteNamespace)],
)

/** One tag's copy to another region. */
export const syncJob = sqliteTable(
  'sync_job',
  {
    id: id(),
    repositoryId: ofRepository(),
    remoteRegion: text().notNull(),
    remoteNamespace: text().notNull(),
    tag: text().notNull(),
    overrides: flag().notNull(),
    status: text({ enum: ['waiting', 'running', 'success', 'failed', 'timeout', 'cancel', 'existed'] }).notNull(),
    operatorId: integer().notNull(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [index('sync_job_repository').on(t.repositoryId, t.id)],
)
