import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { blob } from './blob.ts'
import { flag, id, instant } from './columns.ts'
import { repository } from './repository.ts'

/** What a manifest is as a referrer: its own artifact type, or an image's config's. */
export const referrerType = sql<
  string | null
>`case when artifact_type <> '' then artifact_type when not is_index then config_media_type end`

/** A manifest in one repository, with what was read out of its bytes once, when it was pushed. */
export const manifest = sqliteTable(
  'manifest',
  {
    id: id(),
    repositoryId: integer()
      .notNull()
      .references(() => repository.id),
    digest: text().notNull(),
    mediaType: text().notNull(),
    artifactType: text(),
    schemaVersion: integer().notNull(),
    /** The exact bytes as text; null where they are too long for a row and lie in the blob store under `contentKey`. */
    content: text(),
    contentKey: text(),
    sizeBytes: integer().notNull(),
    /** An image index or Docker manifest list. */
    isIndex: flag().notNull(),
    configDigest: text(),
    configMediaType: text(),
    configSizeBytes: integer(),
    /** Sum of the layers; null for an index. */
    layersSizeBytes: integer(),
    /** What SWR calls the size: config and layers, for an index the distinct blobs of the children that are stored. */
    contentSizeBytes: integer().notNull(),
    /** Of an index: its children in order, and whether the repository holds each. */
    children: text({ mode: 'json' }).$type<{ digest: string; present: boolean }[]>(),
    subjectDigest: text(),
    annotations: text({ mode: 'json' }).$type<Record<string, string>>(),
    /** From `quay.expires-after`: how long a tag on this manifest lives. */
    expiresAfterSeconds: integer(),
    /** From `quay.immutable`. */
    immutableLabel: flag().notNull().default(false),
    pullCount: integer().notNull().default(0),
    lastPulledAt: instant(),
    createdAt: instant().notNull(),
    /** When a client deleted it by digest. Its tags' history still leads to it; no client sees it unless a tag comes back. */
    deletedAt: instant(),
  },
  (t) => [
    uniqueIndex('manifest_digest').on(t.repositoryId, t.digest),
    index('manifest_subject').on(t.repositoryId, t.subjectDigest, t.id),
    index('manifest_referrer')
      .on(t.repositoryId, t.subjectDigest, referrerType, t.id)
      .where(sql`subject_digest is not null`),
  ],
)

/** The blobs that a manifest needs. */
export const manifestBlob = sqliteTable(
  'manifest_blob',
  {
    manifestId: integer()
      .notNull()
      .references(() => manifest.id),
    blobId: integer()
      .notNull()
      .references(() => blob.id),
    repositoryId: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.manifestId, t.blobId] }), index('manifest_blob_blob').on(t.blobId, t.repositoryId)],
)

/** Layers that a manifest names and its repository lacks, until they come: for FEATURE_SPARSE_IMAGE. */
export const absentBlob = sqliteTable(
  'absent_blob',
  {
    manifestId: integer()
      .notNull()
      .references(() => manifest.id),
    digest: text().notNull(),
    repositoryId: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.manifestId, t.digest] }), index('absent_blob_digest').on(t.repositoryId, t.digest)],
)

/** The manifests that an index names, stored here or not. */
export const manifestChild = sqliteTable(
  'manifest_child',
  {
    parentId: integer()
      .notNull()
      .references(() => manifest.id),
    repositoryId: integer().notNull(),
    childDigest: text().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.parentId, t.childDigest] }),
    index('manifest_child_digest').on(t.repositoryId, t.childDigest),
  ],
)

export const manifestLabel = sqliteTable(
  'manifest_label',
  {
    id: id(),
    uuid: text().notNull().unique(),
    manifestId: integer()
      .notNull()
      .references(() => manifest.id),
    key: text().notNull(),
    value: text().notNull(),
    sourceType: text({ enum: ['manifest', 'api', 'internal'] }).notNull(),
    mediaType: text({ enum: ['text/plain', 'application/json'] }).notNull(),
  },
  (t) => [index('manifest_label_manifest').on(t.manifestId, t.id)],
)
