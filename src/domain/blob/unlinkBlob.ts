import { and, eq, isNull, sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { Blob } from '../../store/blobs.ts'
import { repositoryBlob } from '../../store/schema.ts'
import { commit, type Store } from '../../store/store.ts'

/**
 * Takes a blob away from a repository's clients. Where manifests that were deleted before it can come back with a tag, it
 * comes back with them: until the time machine has passed, they keep it. @throws `unsupported` while a manifest needs it
 */
export async function unlinkBlob(store: Store, repositoryId: number, { id, digest }: Blob, now: Date): Promise<void> {
  const isHere = and(eq(repositoryBlob.repositoryId, repositoryId), eq(repositoryBlob.blobId, id))
  const needing = sql`from manifest_blob m join manifest x on x.id = m.manifest_id where m.blob_id = ${id} and m.repository_id = ${repositoryId}`
  const [gone, hidden] = await commit(store, [
    store
      .delete(repositoryBlob)
      .where(and(isHere, sql`not exists (select 1 ${needing})`))
      .returning({ blobId: repositoryBlob.blobId }),
    store
      .update(repositoryBlob)
      .set({ deletedAt: now })
      .where(
        and(isHere, isNull(repositoryBlob.deletedAt), sql`not exists (select 1 ${needing} and x.deleted_at is null)`),
      )
      .returning({ blobId: repositoryBlob.blobId }),
  ])
  if (gone.length + hidden.length === 0) {
    throw new RegistryError('unsupported', 'a manifest needs this blob', { detail: { digest } })
  }
}
