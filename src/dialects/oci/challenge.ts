import type { Context } from 'hono'
import type { OciEnv } from './env.ts'

/** The name that clients know this registry by: also what a registry token is for. */
export const registryHost = (c: Context<OciEnv>) => c.env.settings.SERVER_HOSTNAME || new URL(c.req.url).host

/** Where to get a token, and for what. A second challenge would confuse Docker, so there is only this one. */
export function challenge(c: Context<OciEnv>, scope: string | undefined): string {
  const scheme = c.env.settings.PREFERRED_URL_SCHEME || new URL(c.req.url).protocol.replace(':', '')
  const host = registryHost(c)
  const wanted = scope ? `,scope="${scope}"` : ''
  return `Bearer realm="${scheme}://${host}/v2/auth",service="${host}"${wanted}`
}
