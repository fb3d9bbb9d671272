import { createFactory } from 'hono/factory'
import { openBlob } from '../../../domain/blob/openBlob.ts'
import { isHeld } from '../../../edge/respond.ts'
import { RegistryError } from '../../../errors.ts'
import { blobIn } from '../../../store/blobs.ts'
import { type Lookup, onRepository } from '../access.ts'
import { parseRange } from '../conditions.ts'
import type { OciEnv } from '../env.ts'
import { requireDigest } from '../wire.ts'

/** Time to follow a redirect: whoever has the address may read, so it is short. A download that has begun goes on. */
const presignedSeconds = 300

/** A blob's bytes, or a range of them, here or where a redirect leads; HEAD needs the store only. */
export const getBlob = createFactory<OciEnv>().createHandlers(
  onRepository('pull', {
    along: ({ store, repositoryId, param }: Lookup) => [blobIn(store, repositoryId, param('digest'))] as const,
  }),
  async (c) => {
    const digest = requireDigest(c.req.param('digest'))
    const [[found]] = c.var.along
    if (!found) throw new RegistryError('blob_unknown', 'blob unknown to registry', { detail: { digest } })
    const { sizeBytes } = found
    const etag = `"${digest}"`
    // Without `no-transform` something on the way may compress it, and clients that want a length fail.
    const headers: Record<string, string> = {
      'Content-Type': 'application/octet-stream',
      'X-Content-Type-Options': 'nosniff',
      'Docker-Content-Digest': digest,
      'Accept-Ranges': 'bytes',
      'Cache-Control': 'private, max-age=31536000, immutable, no-transform',
      ETag: etag,
    }
    if (isHeld(c.req.raw, etag)) return c.body(null, 304, headers)
    const condition = c.req.header('if-range')
    const range =
      condition === undefined || condition === etag ? parseRange(c.req.header('range'), sizeBytes) : undefined
    if (range === 'unsatisfiable') {
      throw new RegistryError('range_invalid', 'no byte of this blob is in the range', { detail: { sizeBytes } })
    }
    const { offset, length } = range ?? { offset: 0, length: sizeBytes }
    headers['Content-Length'] = String(length)
    if (range) headers['Content-Range'] = `bytes ${offset}-${offset + length - 1}/${sizeBytes}`
    const status = range ? 206 : 200
    if (c.req.method === 'HEAD') return c.body(null, status, headers)
    if (c.env.blobs.presign) {
      const location = await c.env.blobs.presign(found.storageKey, c.env.now(), presignedSeconds)
      return c.body(null, 307, { Location: location, 'Docker-Content-Digest': digest, 'Cache-Control': 'no-store' })
    }
    return c.body(await openBlob(c.env, c.var.repository.id, found, range), status, headers)
  },
)
