import { type BlobStore, LostParts } from './blobStore.ts'
import type { Presign } from './presign.ts'

/** Blobs in a Cloudflare R2 bucket. */
export const r2Blobs = (bucket: R2Bucket, presign?: Presign): BlobStore => ({
  presign,
  async get(key, range) {
    const object = await bucket.get(key, range && { range })
    return object?.body as ReadableStream<Uint8Array> | undefined
  },
  async has(key) {
    return (await bucket.head(key)) !== null
  },
  async put(key, bytes) {
    await bucket.put(key, bytes)
  },
  async delete(keys) {
    if (keys.length > 0) await bucket.delete(keys)
  },
  async startMultipart(key) {
    return (await bucket.createMultipartUpload(key)).uploadId
  },
  async putPart(key, multipartId, partNumber, bytes) {
    const { etag } = await bucket.resumeMultipartUpload(key, multipartId).uploadPart(partNumber, bytes).catch(lost)
    return { partNumber, etag }
  },
  async completeMultipart(key, multipartId, parts) {
    await bucket.resumeMultipartUpload(key, multipartId).complete(parts).catch(lost)
  },
  async abortMultipart(key, multipartId) {
    await bucket.resumeMultipartUpload(key, multipartId).abort().catch(unlessGone)
  },
})

/** R2's NoSuchUpload and InvalidPart. */
const lostParts = /\((10024|10025)\)/

function unlessGone(cause: unknown) {
  if (!(cause instanceof Error && lostParts.test(cause.message))) throw cause
}

function lost(cause: unknown): never {
  if (cause instanceof Error && lostParts.test(cause.message)) throw new LostParts(cause.message, { cause })
  throw cause
}
