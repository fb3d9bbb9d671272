import type { Context } from 'hono'
import type { Settings } from '../../../settings.ts'
import type { QuayEnv } from '../env.ts'

/** What anybody may know of the settings, beside the features. */
const shown = [
  'AVATAR_KIND',
  'LIBRARY_NAMESPACE',
  'LOCAL_OAUTH_HANDLER',
  'PUBLIC_NAMESPACES',
  'REGISTRY_TITLE',
  'REGISTRY_TITLE_SHORT',
  'TAG_EXPIRATION_OPTIONS',
] as const satisfies (keyof Settings)[]

/** `GET /config`: what a user interface has to know before anybody signs in. Nothing that is not listed leaves. */
export function config(c: Context<QuayEnv>): Response {
  const { settings } = c.env
  const { host, protocol } = new URL(c.req.url)
  const features = Object.entries(settings).filter(([name]) => name.startsWith('FEATURE_'))
  return c.json({
    config: {
      AUTHENTICATION_TYPE: 'Database',
      SERVER_HOSTNAME: settings.SERVER_HOSTNAME || host,
      PREFERRED_URL_SCHEME: settings.PREFERRED_URL_SCHEME || protocol.slice(0, -1),
      ...Object.fromEntries(shown.map((name) => [name, settings[name]])),
    },
    features: Object.fromEntries(features.map(([name, value]) => [name.slice('FEATURE_'.length), value])),
    oauth: {},
    external_login: [],
    registry_state: settings.REGISTRY_STATE,
    account_recovery_mode: false,
  })
}
