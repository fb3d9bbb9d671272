import { createFactory } from 'hono/factory'
import { giveUp } from '../../../domain/upload/finishUpload.ts'
import type { OciEnv } from '../env.ts'
import { onUpload, uploadIn } from './session.ts'

/** Gives an upload up: what it had brought is thrown away. */
export const deleteUpload = createFactory<OciEnv>().createHandlers(onUpload, async (c) => {
  const upload = uploadIn(c.var.along)
  await giveUp(c.env, upload, upload)
  return c.body(null, 204)
})
