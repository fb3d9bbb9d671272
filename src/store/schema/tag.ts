import { desc, sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { flag, id, instant, logId } from './columns.ts'
import { manifest } from './manifest.ts'
import { repository } from './repository.ts'

/** Why a name came to mean something. */
const causes = ['push', 'move', 'restore', 'mirror'] as const

/** What a name means now: one row per live name. Its id lives as long as the name does, however often it moves. */
export const tag = sqliteTable(
  'tag',
  {
    id: id(),
    repositoryId: integer()
      .notNull()
      .references(() => repository.id),
    name: text().notNull(),
    revisionId: integer()
      .notNull()
      .references(() => tagRevision.id),
    manifestId: integer()
      .notNull()
      .references(() => manifest.id),
    /** When the name began to mean this manifest. */
    startedAt: instant().notNull(),
    /** When the name came (back) to life. */
    createdAt: instant().notNull(),
    /** Planned end; a row past it is dead, though a job has yet to take it away. */
    expiresAt: instant(),
    immutable: flag().notNull().default(false),
    cause: text({ enum: causes }).notNull(),
  },
  (t) => [
    uniqueIndex('tag_name').on(t.repositoryId, t.name),
    index('tag_started').on(t.repositoryId, desc(t.startedAt), t.name, t.expiresAt),
    index('tag_manifest').on(t.manifestId),
    index('tag_expires').on(t.repositoryId, t.expiresAt).where(sql`expires_at is not null`),
    index('tag_expires_anywhere').on(t.expiresAt).where(sql`expires_at is not null`),
  ],
)

/** Every meaning a name ever had. Rows are only added; only their end is ever set. */
export const tagRevision = sqliteTable(
  'tag_revision',
  {
    id: logId(),
    repositoryId: integer()
      .notNull()
      .references(() => repository.id),
    name: text().notNull(),
    manifestId: integer()
      .notNull()
      .references(() => manifest.id),
    startedAt: instant().notNull(),
    /** Planned end. */
    expiresAt: instant(),
    /** Actual end; null while the tag still means this. */
    endedAt: instant(),
    cause: text({ enum: causes }).notNull(),
    immutable: flag().notNull().default(false),
  },
  (t) => [
    // Of two writers racing to move a tag, the second one's batch fails here.
    uniqueIndex('tag_revision_live').on(t.repositoryId, t.name).where(sql`ended_at is null`),
    index('tag_revision_started').on(t.repositoryId, desc(t.startedAt), t.name),
    index('tag_revision_name').on(t.repositoryId, t.name, t.startedAt),
    index('tag_revision_manifest').on(t.manifestId),
    index('tag_revision_ended').on(t.repositoryId, t.endedAt).where(sql`ended_at is not null`),
  ],
)

/** Pulls by tag name. */
export const tagPulls = sqliteTable(
  'tag_pulls',
  {
    repositoryId: integer()
      .notNull()
      .references(() => repository.id),
    name: text().notNull(),
    digest: text().notNull(),
    count: integer().notNull(),
    lastPulledAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.repositoryId, t.name] })],
)
