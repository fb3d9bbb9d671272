import { and, eq, getTableColumns, type SQL, sql } from 'drizzle-orm'
import { manifest } from './schema.ts'
import type { Store } from './store.ts'
import type { RepositoryId } from './tags.ts'

export type Manifest = typeof manifest.$inferSelect

// Columns are spelt out: in a select from one table drizzle writes them without the table's name.
/** Whether a live tag points at the manifest, or at an index that names it. */
const isReachable = (now: Date): SQL<number> => sql<number>`(
  exists (select 1 from tag t where t.manifest_id = manifest.id and (t.expires_at is null or t.expires_at > ${now.getTime()}))
  or exists (
    select 1 from manifest_child c join tag t on t.manifest_id = c.parent_id
    where c.repository_id = manifest.repository_id and c.child_digest = manifest.digest
      and (t.expires_at is null or t.expires_at > ${now.getTime()})))`

/** A manifest of the repository, and whether something live leads to it (0 or 1). */
export const manifestByDigest = (store: Store, repositoryId: RepositoryId, digest: string, now: Date) =>
  store
    .select({ ...getTableColumns(manifest), isReachable: isReachable(now).as('is_reachable') })
    .from(manifest)
    .where(and(eq(manifest.repositoryId, repositoryId), eq(manifest.digest, digest)))

export type FoundManifest = Awaited<ReturnType<typeof manifestByDigest>>[number]
