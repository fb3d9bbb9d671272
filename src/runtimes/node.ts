import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { arrayBuffer } from 'node:stream/consumers'
import { type Http2Bindings, type HttpBindings, serve } from '@hono/node-server'
import { createApp } from '../app.ts'
import { fileBlobs, giveUpUnfinished } from '../blobs/files.ts'
import { pullQueue } from '../domain/manifest/notePull.ts'
import { createVault } from '../domain/token/vault.ts'
import { answerMemory } from '../edge/answers.ts'
import { bookmarkMemory } from '../edge/bookmarks.ts'
import { memoryCache } from '../edge/edgeCache.ts'
import { runJobs } from '../jobs/schedule.ts'
import { smtpMailer } from '../mail/smtpMailer.ts'
import { nodeNetwork } from '../outbound/nodeNetwork.ts'
import type { Services } from '../services.ts'
import { parseSettings, type Settings, senderOf } from '../settings.ts'
import { libsqlFileStore } from '../store/libsqlFile.ts'
import { publicFiles } from './publicFiles.ts'

/** One process on one machine: metadata in a libSQL file, blobs in a folder, both below QUAYSIDE_DATA. */
const folder = resolve(process.env.QUAYSIDE_DATA ?? 'quayside-data')
const port = Number(process.env.PORT ?? 8787)
const hostname = process.env.HOST ?? '127.0.0.1'
const jobsEverySeconds = Number(process.env.JOBS_SECONDS ?? 60)
const weekMilliseconds = 7 * 86_400_000
/** Of a GET; SWR's SDK sends `{}`. */
const getBodyBytesMax = 1024

await mkdir(folder, { recursive: true })
await giveUpUnfinished(join(folder, 'blobs'), new Date(Date.now() - weekMilliseconds))
const settings = parseSettings({ ...process.env, SECRET_KEY: process.env.SECRET_KEY ?? (await keptSecret()) })
/** What goes on after its answer has left: waited for at the end. */
const unfinished = new Set<Promise<unknown>>()
const services: Services = {
  settings,
  release: String(Date.now()),
  vault: createVault(settings.SECRET_KEY),
  store: await libsqlFileStore(join(folder, 'registry.db'), join(import.meta.dirname, '../../drizzle')),
  blobs: fileBlobs(join(folder, 'blobs')),
  edge: memoryCache(() => new Date()),
  answers: answerMemory(),
  bookmarks: bookmarkMemory(),
  written: new Map(),
  pulls: pullQueue(),
  network: nodeNetwork(settings.SSRF_ALLOWED_HOSTS),
  mailer: settings.MAIL_SERVER ? smtpMailer(smtpServer(settings), senderOf(settings)) : undefined,
  now: () => new Date(),
  waitUntil(work) {
    const tracked = work.catch((error) => console.error(error)).finally(() => unfinished.delete(tracked))
    unfinished.add(tracked)
  },
}
const app = createApp()
const files = await publicFiles(join(import.meta.dirname, '../../public'))
const answer = async (request: Request, { incoming }: Bindings) =>
  (await files(request)) ?? app.fetch(withItsBody(request, incoming), services)
const server = serve({ fetch: answer, hostname, port }, () =>
  console.log(`Quayside on http://${hostname}:${port}, data in ${folder}`),
)
setInterval(() => void runJobs(services), 1000 * jobsEverySeconds).unref()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close(finish))

async function finish() {
  await Promise.all(unfinished)
  process.exit(0)
}

function smtpServer(set: Settings) {
  const { MAIL_SERVER: host, MAIL_PORT: port, MAIL_USE_TLS: mustEncrypt } = set
  return { host, port, mustEncrypt, username: set.MAIL_USERNAME, password: set.MAIL_PASSWORD }
}

type Bindings = HttpBindings | Http2Bindings

/** Signatures count the body, and a client of SWR's sends one with a GET, where Node's own requests have none. */
function withItsBody(request: Request, incoming: Bindings['incoming']): Request {
  const length = Number(incoming.headers['content-length'] ?? 0)
  const isSmall = length > 0 && length <= getBodyBytesMax
  if (request.method !== 'GET' || !isSmall) return request
  return Object.defineProperty(request, 'arrayBuffer', { value: () => arrayBuffer(incoming) })
}

/** Without a SECRET_KEY one is made at the first start and kept beside the data, readable by its owner only. */
async function keptSecret(): Promise<string> {
  const file = join(folder, 'secret-key')
  if (!existsSync(file)) await writeFile(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' })
  return readFile(file, 'utf8')
}
