import type { Context } from 'hono'
import { ensureSession } from '../browserSession.ts'
import type { QuayEnv } from '../env.ts'

/** `GET /csrf_token`: the session's token, with a session where there was none. A console of another origin may read it. */
export async function csrfToken(c: Context<QuayEnv>): Promise<Response> {
  const { csrfToken: token } = await ensureSession(c)
  c.header('Cache-Control', 'no-store')
  const [origin, ...more] = c.env.settings.CORS_ORIGIN
  if (origin !== undefined && more.length === 0) {
    c.header('Access-Control-Allow-Origin', origin)
    c.header('Access-Control-Allow-Credentials', 'true')
    c.header('Vary', 'Origin')
  }
  return c.json({ csrf_token: token })
}
