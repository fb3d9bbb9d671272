import type { Context } from 'hono'
import { keyOfService } from '../../../store/serviceKeys.ts'
import type { QuayEnv } from '../env.ts'
import { plainError } from '../errors.ts'

const daySeconds = 24 * 60 * 60

/** `GET /keys/services/{service}/keys/{kid}`: a public key, by which others check what the service signed. */
export async function getPublishedKey(c: Context<QuayEnv>): Promise<Response> {
  const { store } = c.env
  const now = c.env.now().getTime()
  const [[key]] = await store.batch([keyOfService(store, c.req.param('service') ?? '', c.req.param('kid') ?? '')])
  if (!key) throw plainError(404, 'Not Found')
  if (!key.approvedAt) throw plainError(409, 'The key has not been approved')
  const secondsLeft = key.expiresAt ? Math.floor((key.expiresAt.getTime() - now) / 1000) : daySeconds
  if (key.expiresAt && key.expiresAt.getTime() <= now) throw plainError(403, 'The key has expired')
  c.header('Cache-Control', `public, max-age=${Math.min(secondsLeft, daySeconds)}`)
  return c.json(publicJwk(key))
}

/** What of a key is for everybody. */
export const publicJwk = ({ kid, publicJwk: jwk }: { kid: string; publicJwk: Record<string, string> }) => ({
  ...jwk,
  kid,
})
