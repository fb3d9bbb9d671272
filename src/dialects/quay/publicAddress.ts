import type { Settings } from '../../settings.ts'

/** Where clients reach the registry: as configured, else as this request did. */
export function publicOrigin({ SERVER_HOSTNAME, PREFERRED_URL_SCHEME }: Settings, requestUrl: string): string {
  const { protocol, host } = new URL(requestUrl)
  return `${PREFERRED_URL_SCHEME || protocol.slice(0, -1)}://${SERVER_HOSTNAME || host}`
}

/** The registry's own page that shows a token to the one who asked for it. */
export const ownRedirect = (settings: Settings, requestUrl: string): string =>
  publicOrigin(settings, requestUrl) + settings.LOCAL_OAUTH_HANDLER
