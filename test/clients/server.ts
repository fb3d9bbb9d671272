import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const root = resolve(import.meta.dirname, '../..')

export interface Server {
  /** `127.0.0.1:port` */
  host: string
  /** Of the process that was started first; its children are the registry. */
  readonly pid: number
  /** Where it keeps what it stores. */
  folder: string
  /** An OAuth token of the first user's, of every scope; empty where there is no user. */
  accessToken: string
  /** Ends it as a power cut would: all of its processes at once, without a word. */
  kill(): Promise<void>
  /** Starts it again on what it has stored, with other settings. */
  restart(variables?: Record<string, string>): Promise<void>
  /** Runs the jobs that a deployment runs every minute; under Node they run every second. */
  runJobs(): Promise<void>
  stop(): Promise<void>
}

/** An address that nobody listens on, from QUAYSIDE_TEST_PORT upwards or anywhere. */
async function freePort(from = Number(process.env.QUAYSIDE_TEST_PORT ?? 0)): Promise<number> {
  for (let port = from; ; port = from === 0 ? 0 : port + 1) {
    const probe = createServer().listen(port, '127.0.0.1')
    const won = await Promise.race([once(probe, 'listening').then(() => true), once(probe, 'error').then(() => false)])
    if (!won) continue
    const address = probe.address()
    await new Promise((done) => probe.close(done))
    if (typeof address === 'object' && address) return address.port
  }
}

/** Whether the registry is one process under Node. */
export const onNode = process.env.QUAYSIDE_TEST_RUNTIME === 'node'

/** A new registry: `npm start`, or with QUAYSIDE_TEST_RUNTIME=node the one process under Node. Its first user is `admin`; without a password it has none. */
export async function startServer(
  password: string | undefined,
  variables: Record<string, string> = {},
): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'quayside-clients-'))
  const port = await freePort()
  const ports = [port, await freePort(port + 1)] as const
  const host = `127.0.0.1:${port}`
  let child = launch(folder, ports, variables)
  await untilReady(host, child)
  const accessToken = password === undefined ? '' : await initialize(host, password)
  return {
    host,
    get pid() {
      return child.pid as number
    },
    folder,
    accessToken,
    async kill() {
      const gone = hasEnded(child) ? undefined : once(child, 'exit')
      for (const pid of [...descendants(child.pid as number), child.pid as number]) signal(pid, 'SIGKILL')
      await gone
    },
    async restart(changed = variables) {
      child = launch(folder, ports, changed)
      await untilReady(host, child)
    },
    async runJobs() {
      if (onNode) await sleep(1500)
      else await (await fetch(`http://${host}/cdn-cgi/local/scheduled`)).text()
    },
    async stop() {
      if (!hasEnded(child)) {
        const gone = once(child, 'exit')
        child.kill('SIGTERM')
        await Promise.race([gone, sleep(8000).then(() => signal(-(child.pid as number), 'SIGKILL'))])
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function launch(folder: string, [port, inspectorPort]: readonly [number, number], settings: Record<string, string>) {
  const vars = Object.entries(settings).flatMap(([name, value]) => ['--var', `${name}:${value}`])
  const where = ['--port', String(port), '--inspector-port', String(inspectorPort), '--persist-to', folder]
  const ofNode = {
    PORT: String(port),
    QUAYSIDE_DATA: folder,
    JOBS_SECONDS: '1',
    FEATURE_USER_INITIALIZE: 'true',
    SUPER_USERS: 'admin',
    ...settings,
  }
  return spawn(process.execPath, onNode ? ['src/runtimes/node.ts'] : ['scripts/start.mjs', ...where, ...vars], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...(onNode && ofNode) },
  })
}

/** All processes below one, whatever groups they have made for themselves. */
function descendants(pid: number): number[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(name)] as const)
  const below = (parent: number): number[] => all.flatMap(([id, of]) => (of === parent ? [...below(id), id] : []))
  return below(pid)
}

/** The second number after a process's name, which may hold anything. */
function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2])
  } catch {
    return undefined
  }
}

function signal(pid: number, name: NodeJS.Signals) {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null

async function untilReady(host: string, child: ChildProcess): Promise<void> {
  for (let i = 0; i < 600 && !hasEnded(child); i++) {
    const status = await fetch(`http://${host}/v2/`).then(
      (response) => response.status,
      () => 0,
    )
    if (status === 401) return
    await sleep(100)
  }
  throw new Error('the server did not start')
}

async function initialize(host: string, password: string): Promise<string> {
  const response = await fetch(`http://${host}/api/v1/user/initialize`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password, email: 'admin@example.com', access_token: true }),
  })
  if (!response.ok) throw new Error(`no first user: ${response.status} ${await response.text()}`)
  return ((await response.json()) as { access_token: string }).access_token
}
