import { sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import { linkBlob } from '../../store/blobs.ts'
import { commit, guard, type Store } from '../../store/store.ts'

interface Mount {
  /** Whose link to the blob the caller may read. */
  sourceId: number
  repositoryId: number
  digest: string
  now: Date
}

/** Lets a repository see a blob that another one holds. Resolves to false where that one has just lost it. */
export async function mountBlob(store: Store, { sourceId, repositoryId, digest, now }: Mount): Promise<boolean> {
  const isThere = sql`exists (
    select 1 from repository_blob l join blob b on b.id = l.blob_id join repository r on r.id = l.repository_id
    where l.repository_id = ${sourceId} and l.deleted_at is null and b.digest = ${digest} and r.deleted_at is null)`
  return commit(store, [guard(store, isThere), ...linkBlob(store, repositoryId, digest, now)]).then(
    () => true,
    (error: unknown) => {
      if (error instanceof RegistryError && error.code === 'conflict') return false
      throw error
    },
  )
}
