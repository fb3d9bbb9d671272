import { createFactory } from 'hono/factory'
import type { OciEnv } from '../env.ts'
import { uploadHeaders } from '../wire.ts'
import { onUpload, uploadIn } from './session.ts'

/** Where an upload stands. */
export const getUpload = createFactory<OciEnv>().createHandlers(onUpload, (c) => {
  const { id, offsetBytes } = uploadIn(c.var.along)
  return c.body(null, 204, uploadHeaders(c.req.param('name') ?? '', id, offsetBytes))
})
