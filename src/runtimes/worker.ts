import { createApp } from '../app.ts'
import { edgeBlobs } from '../blobs/edgeBlobs.ts'
import { presigner } from '../blobs/presign.ts'
import { r2Blobs } from '../blobs/r2.ts'
import { pullQueue } from '../domain/manifest/notePull.ts'
import { createVault } from '../domain/token/vault.ts'
import { answerMemory } from '../edge/answers.ts'
import { bookmarkMemory } from '../edge/bookmarks.ts'
import { workersCache } from '../edge/edgeCache.ts'
import { runJobs } from '../jobs/schedule.ts'
import { cloudflareMailer } from '../mail/cloudflareMailer.ts'
import type { Services } from '../services.ts'
import { parseSettings, senderOf } from '../settings.ts'
import { d1Store, libsqlStore } from '../store/store.ts'

interface Environment {
  DB: D1Database
  BLOBS: R2Bucket
  /** Cloudflare's Email Service, where the operator bound it. */
  EMAIL?: SendEmail
  /** A deployment changes settings as well as code: its id stands for both. */
  RELEASE?: WorkerVersionMetadata
  [variable: string]: unknown
}

/** Made at the first request, not at start-up. */
let app: ReturnType<typeof createApp> | undefined

/** What stays the same for all requests of an isolate. */
let shared: Omit<Services, 'now' | 'waitUntil'> | undefined

function servicesOf(env: Environment, context: ExecutionContext): Services {
  if (!shared) {
    const settings = parseSettings(env)
    shared = {
      settings,
      release: env.RELEASE?.id ?? 'unreleased',
      vault: createVault(settings.SECRET_KEY),
      blobs: edgeBlobs(r2Blobs(env.BLOBS, presigner(settings)), env.BLOBS, caches.default),
      store: d1Store(env.DB),
      edge: workersCache(caches.default),
      answers: answerMemory(),
      bookmarks: bookmarkMemory(),
      written: new Map(),
      pulls: pullQueue(),
      network: (request) => fetch(request),
      mailer: env.EMAIL && cloudflareMailer(env.EMAIL, senderOf(settings)),
    }
  }
  const { LIBSQL_URL, LIBSQL_AUTH_TOKEN } = shared.settings
  const store = LIBSQL_URL ? libsqlStore(LIBSQL_URL, LIBSQL_AUTH_TOKEN || undefined) : shared.store
  return { ...shared, store, now: () => new Date(), waitUntil: (work) => context.waitUntil(work) }
}

export default {
  fetch(request, env, context) {
    let services: Services
    try {
      services = servicesOf(env, context)
    } catch (error) {
      console.error(error instanceof Error ? error.message : error)
      return Response.json(
        { message: 'The registry is not set up correctly; its log says what to change' },
        { status: 500 },
      )
    }
    app ??= createApp()
    return app.fetch(request, services, context)
  },
  scheduled(_controller, env, context) {
    context.waitUntil(runJobs(servicesOf(env, context)))
  },
} satisfies ExportedHandler<Environment>
