import { and, eq, sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { Blob } from '../../store/blobs.ts'
import { repositoryBlob } from '../../store/schema.ts'
import { commit, type Store } from '../../store/store.ts'

/** Takes a blob out of a repository. @throws `unsupported` while a manifest there needs it, deleted ones that can come back too */
export async function unlinkBlob(store: Store, repositoryId: number, { id, digest }: Blob): Promise<void> {
  const isFree = sql`not exists (select 1 from manifest_blob m where m.blob_id = ${id} and m.repository_id = ${repositoryId})`
  const [gone] = await commit(store, [
    store
      .delete(repositoryBlob)
      .where(and(eq(repositoryBlob.repositoryId, repositoryId), eq(repositoryBlob.blobId, id), isFree))
      .returning({ blobId: repositoryBlob.blobId }),
  ])
  if (gone.length === 0) throw new RegistryError('unsupported', 'a manifest needs this blob', { detail: { digest } })
}
