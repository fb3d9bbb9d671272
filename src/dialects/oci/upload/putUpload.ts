import { createFactory } from 'hono/factory'
import { finishUpload } from '../../../domain/upload/finishUpload.ts'
import type { OciEnv } from '../env.ts'
import { blobPath, chunkRange, requestBody, requireDigest } from '../wire.ts'
import { onUpload, uploadIn } from './session.ts'

/** Ends an upload: with its last bytes, if any, it is the blob of this digest. */
export const putUpload = createFactory<OciEnv>().createHandlers(onUpload, async (c) => {
  const upload = uploadIn(c.var.along)
  const digest = requireDigest(c.req.query('digest'))
  const target = { repositoryId: c.var.repository.id, digest }
  await finishUpload(c.env, upload, target, requestBody(c), chunkRange(c))
  const headers = { Location: blobPath(c.req.param('name') ?? '', digest), 'Docker-Content-Digest': digest }
  return c.body(null, 201, headers)
})
