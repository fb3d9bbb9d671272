import { createFactory } from 'hono/factory'
import { giveUp } from '../../../domain/upload/giveUp.ts'
import type { OciEnv } from '../env.ts'
import { onUpload, uploadIn } from './session.ts'

/** Gives an upload up: what it had brought is thrown away. */
export const deleteUpload = createFactory<OciEnv>().createHandlers(onUpload, async (c) => {
  await giveUp(c.env, uploadIn(c.var.along))
  return c.body(null, 204)
})
