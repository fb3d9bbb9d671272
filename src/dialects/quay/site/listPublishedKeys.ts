import type { Context } from 'hono'
import { signingKey } from '../../../domain/token/signingKey.ts'
import { publishedKeys } from '../../../store/serviceKeys.ts'
import type { QuayEnv } from '../env.ts'
import { publicJwk } from './getPublishedKey.ts'

/** `GET /keys/services/{service}/keys`: the public keys of a service, as a JWK set. */
export async function listPublishedKeys(c: Context<QuayEnv>): Promise<Response> {
  const { store, settings } = c.env
  const service = c.req.param('service') ?? ''
  // Who asks before the first token was signed has to find the key that will sign it.
  if (service === settings.INSTANCE_SERVICE_KEY_SERVICE) await signingKey(c.env)
  const [keys] = await store.batch([publishedKeys(store, service, c.env.now())])
  return c.json({ keys: keys.map(publicJwk) })
}
