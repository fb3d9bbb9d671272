import { createFactory } from 'hono/factory'
import { appendChunk } from '../../../domain/upload/appendChunk.ts'
import type { OciEnv } from '../env.ts'
import { chunkRange, requestBody, uploadHeaders } from '../wire.ts'
import { onUpload, uploadIn } from './session.ts'

/** Adds a chunk to an upload: the whole blob, or a piece that begins where the last one ended. */
export const patchUpload = createFactory<OciEnv>().createHandlers(onUpload, async (c) => {
  const upload = uploadIn(c.var.along)
  const offset = await appendChunk(c.env, upload, requestBody(c), chunkRange(c))
  return c.body(null, 202, uploadHeaders(c.req.param('name') ?? '', upload.id, offset))
})
