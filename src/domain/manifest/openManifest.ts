import { RegistryError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { type ServedManifest, visibleByDigest } from '../../store/manifests.ts'
import { pullBytes } from '../blob/pullBytes.ts'

/**
 * The bytes of a manifest that is too long for its row and was just looked up. As with blobs, it may have been collected
 * and pushed again since. @throws `manifest_unknown`
 */
export async function openManifest(
  services: Services,
  repositoryId: number,
  { digest, sizeBytes, contentKey }: ServedManifest,
): Promise<ReadableStream<Uint8Array>> {
  const stream = await pullBytes(services, contentKey ?? '', sizeBytes)
  if (stream) return stream
  const [[found]] = await services.store.batch([visibleByDigest(services.store, repositoryId, digest)])
  if (!found) throw new RegistryError('manifest_unknown', 'manifest unknown', { detail: { digest } })
  const moved = await pullBytes(services, found.contentKey ?? '', sizeBytes)
  if (!moved) throw new Error(`the bytes of ${digest} are gone: ${found.contentKey}`)
  return moved
}
