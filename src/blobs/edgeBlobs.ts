import type { BlobStore, ByteRange } from './blobStore.ts'

/** Longer ones come from the bucket each time. The Cache API takes 512 MB. */
const keptBytesMax = 100 * 1024 * 1024
const keptSeconds = 365 * 86_400

/** What this isolate is bringing to the edge. */
const underWay = new Set<string>()

/**
 * Keeps blobs at the edge once they have been asked for. A key is written once and never again, so that what is kept
 * cannot be wrong; whoever gets here has been found to have the right to it. The bucket is read a second time to fill
 * the cache: to share one stream would hold in memory whatever a slow client has not taken yet.
 */
export function edgeBlobs(blobs: BlobStore, bucket: R2Bucket, cache: Cache): BlobStore {
  const keep = async (key: string) => {
    underWay.add(key)
    try {
      const object = await bucket.get(key)
      if (!object) return
      const headers = {
        'content-length': String(object.size),
        'cache-control': `public, max-age=${keptSeconds}, immutable`,
      }
      await cache.put(addressOf(key), new Response(object.body, { headers }))
    } finally {
      underWay.delete(key)
    }
  }
  return {
    ...blobs,
    async pull(key, { sizeBytes, range, waitUntil }) {
      if (sizeBytes > keptBytesMax) return blobs.get(key, range)
      const kept = await cache.match(new Request(addressOf(key), { headers: rangeHeader(range) }))
      if (kept?.status === (range ? 206 : 200)) return kept.body ?? new Blob([]).stream()
      await kept?.body?.cancel()
      const bytes = await blobs.get(key, range)
      // Nobody waits for it, and what failed is brought the next time.
      if (bytes && !underWay.has(key)) waitUntil(keep(key).catch(() => undefined))
      return bytes
    },
  }
}

/** The host can't be asked for over the network. */
const addressOf = (key: string) => `https://blobs.quayside.invalid/${encodeURIComponent(key)}`

const rangeHeader = (range: ByteRange | undefined): Record<string, string> =>
  range ? { range: `bytes=${range.offset}-${range.offset + range.length - 1}` } : {}
