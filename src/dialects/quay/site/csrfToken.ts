import type { Context } from 'hono'
import { ensureSession } from '../browserSession.ts'
import type { QuayEnv } from '../env.ts'

/** `GET /csrf_token`: the session's token, with a session where there was none. */
export async function csrfToken(c: Context<QuayEnv>): Promise<Response> {
  const { csrfToken: token } = await ensureSession(c)
  c.header('Cache-Control', 'no-store')
  return c.json({ csrf_token: token })
}
