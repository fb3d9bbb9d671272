import { RegistryError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { type ServedManifest, visibleByDigest } from '../../store/manifests.ts'

/**
 * The bytes of a manifest that is too long for its row and was just looked up. As with blobs, it may have been collected
 * and pushed again since. @throws `manifest_unknown`
 */
export async function openManifest(
  { store, blobs }: Services,
  repositoryId: number,
  { digest, contentKey }: ServedManifest,
): Promise<ReadableStream<Uint8Array>> {
  const pull = blobs.pull ?? blobs.get
  const stream = await pull(contentKey ?? '')
  if (stream) return stream
  const [[found]] = await store.batch([visibleByDigest(store, repositoryId, digest)])
  if (!found) throw new RegistryError('manifest_unknown', 'manifest unknown', { detail: { digest } })
  const moved = await pull(found.contentKey ?? '')
  if (!moved) throw new Error(`the bytes of ${digest} are gone: ${found.contentKey}`)
  return moved
}
