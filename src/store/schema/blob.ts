import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { id, instant } from './columns.ts'
import { repository } from './repository.ts'

/** Bytes by digest, kept once for the whole registry. */
export const blob = sqliteTable('blob', {
  id: id(),
  digest: text().notNull().unique(),
  sizeBytes: integer().notNull(),
  /** Where the blob store keeps the bytes. */
  storageKey: text().notNull(),
  createdAt: instant().notNull(),
})

/** Which repositories hold a blob. A digest alone opens nothing: a blob is visible only where it is linked. */
export const repositoryBlob = sqliteTable(
  'repository_blob',
  {
    repositoryId: integer()
      .notNull()
      .references(() => repository.id),
    blobId: integer()
      .notNull()
      .references(() => blob.id),
    linkedAt: instant().notNull(),
    /** When a client deleted it. Manifests that a client has deleted too still need it: it comes back with them. */
    deletedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.repositoryId, t.blobId] }),
    index('repository_blob_blob').on(t.blobId),
    index('repository_blob_deleted').on(t.repositoryId).where(sql`deleted_at is not null`),
  ],
)

/** A blob on its way in. Its bytes so far lie in equal parts of a multipart upload, and a remainder that is shorter. */
export const upload = sqliteTable(
  'upload',
  {
    id: text().primaryKey(),
    repositoryId: integer()
      .notNull()
      .references(() => repository.id),
    /** The account that began it: only the same one goes on with it. */
    accountId: integer().notNull(),
    storageKey: text().notNull(),
    /** The blob store's own id of the multipart upload, once there is one. */
    multipartId: text(),
    parts: text({ mode: 'json' }).$type<{ partNumber: number; etag: string }[]>().notNull(),
    offsetBytes: integer().notNull().default(0),
    /** Bytes of the remainder after the last whole part, and where the blob store keeps them. */
    tailBytes: integer().notNull().default(0),
    tailKey: text(),
    /** State of the running hash, base64; its algorithm stands in front: `sha256:…`. */
    hashState: text(),
    /** Raised with each accepted chunk, so that of two writers one loses. */
    version: integer().notNull().default(0),
    startedAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [index('upload_updated').on(t.updatedAt), index('upload_repository').on(t.repositoryId)],
)
