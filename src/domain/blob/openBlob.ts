import type { ByteRange } from '../../blobs/blobStore.ts'
import { RegistryError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { type Blob, blobIn } from '../../store/blobs.ts'
import { pullBytes } from './pullBytes.ts'

/**
 * The bytes of a blob that was just looked up. It may have been collected since, and even pushed again, and then its bytes
 * lie elsewhere: it is looked up once more before anybody is told that it is gone. @throws `blob_unknown`
 */
export async function openBlob(
  services: Services,
  repositoryId: number,
  { digest, sizeBytes, storageKey }: Blob,
  range?: ByteRange,
): Promise<ReadableStream<Uint8Array>> {
  const stream = await pullBytes(services, storageKey, sizeBytes, range)
  if (stream) return stream
  const [[found]] = await services.store.batch([blobIn(services.store, repositoryId, digest)])
  if (!found) throw new RegistryError('blob_unknown', 'blob unknown to registry', { detail: { digest } })
  const moved = await pullBytes(services, found.storageKey, sizeBytes, range)
  if (!moved) throw new Error(`the bytes of ${digest} are gone: ${found.storageKey}`)
  return moved
}
