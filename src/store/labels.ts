import { and, asc, eq, sql } from 'drizzle-orm'
import { manifestLabel } from './schema.ts'
import type { Store } from './store.ts'
import type { RepositoryId } from './tags.ts'

export type ManifestLabel = typeof manifestLabel.$inferSelect

const ofManifest = (repositoryId: RepositoryId, digest: string) =>
  sql`${manifestLabel.manifestId} = (select m.id from manifest m where m.repository_id = ${repositoryId} and m.digest = ${digest})`

/** A manifest's labels in the order in which they came; only those whose key begins so, whatever the letters' case. */
export const labelsOf = (store: Store, repositoryId: RepositoryId, digest: string, prefix = '') =>
  store
    .select()
    .from(manifestLabel)
    .where(
      and(
        ofManifest(repositoryId, digest),
        prefix ? sql`substr(lower(${manifestLabel.key}), 1, ${prefix.length}) = lower(${prefix})` : undefined,
      ),
    )
    .orderBy(asc(manifestLabel.id))

/** The label of this id, if it is the manifest's. */
export const labelOf = (store: Store, repositoryId: RepositoryId, digest: string, uuid: string) =>
  store
    .select()
    .from(manifestLabel)
    .where(and(eq(manifestLabel.uuid, uuid), ofManifest(repositoryId, digest)))
