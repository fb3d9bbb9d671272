import { eq, type SQL } from 'drizzle-orm'
import type { Services } from '../../services.ts'
import { upload } from '../../store/schema.ts'
import { commit } from '../../store/store.ts'
import { takeUploads, type Upload } from '../../store/uploads.ts'

/** Ends an upload without a blob. Where another request has just made a blob of it, there is nothing left to give up. */
export const giveUp = (services: Services, { id }: Upload) => giveUpAll(services, eq(upload.id, id))

/** The same of several. Parts that this is killed too early to give up, the blob store gives up by itself after a week. */
export async function giveUpAll({ store, blobs }: Services, which: SQL): Promise<void> {
  const [, , taken] = await commit(store, takeUploads(store, which))
  for (const { storageKey, multipartId } of taken) {
    if (multipartId) await blobs.abortMultipart(storageKey, multipartId).catch((error) => console.error(error))
  }
}
