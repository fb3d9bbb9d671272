import { createApp } from '../app.ts'
import { r2Blobs } from '../blobs/r2.ts'
import { createVault } from '../domain/token/vault.ts'
import type { Services } from '../services.ts'
import { parseSettings } from '../settings.ts'
import { d1Store, libsqlStore } from '../store/store.ts'

interface Environment {
  DB: D1Database
  BLOBS: R2Bucket
  [variable: string]: unknown
}

const app = createApp()

/** What stays the same for all requests of an isolate. */
let shared: Pick<Services, 'settings' | 'vault' | 'blobs' | 'store'> | undefined

function servicesOf(env: Environment, context: ExecutionContext): Services {
  if (!shared) {
    const settings = parseSettings(env)
    shared = { settings, vault: createVault(settings.SECRET_KEY), blobs: r2Blobs(env.BLOBS), store: d1Store(env.DB) }
  }
  const { LIBSQL_URL, LIBSQL_AUTH_TOKEN } = shared.settings
  const store = LIBSQL_URL ? libsqlStore(LIBSQL_URL, LIBSQL_AUTH_TOKEN || undefined) : shared.store
  return { ...shared, store, now: () => new Date(), waitUntil: (work) => context.waitUntil(work) }
}

export default {
  fetch: (request, env, context) => app.fetch(request, servicesOf(env, context), context),
} satisfies ExportedHandler<Environment>
