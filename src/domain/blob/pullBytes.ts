import type { ByteRange } from '../../blobs/blobStore.ts'
import type { Services } from '../../services.ts'

/** The bytes under a key of the blob store, for a client: from near it, where what was pulled is kept there. */
export const pullBytes = ({ blobs, waitUntil }: Services, key: string, sizeBytes: number, range?: ByteRange) =>
  blobs.pull ? blobs.pull(key, { sizeBytes, range, waitUntil }) : blobs.get(key, range)
