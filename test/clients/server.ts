import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const root = resolve(import.meta.dirname, '../..')

export interface Server {
  /** `127.0.0.1:port` */
  host: string
  pid: number
  /** Where it keeps what it stores. */
  folder: string
  /** An OAuth token of the first user's, of every scope. */
  accessToken: string
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

/** A new registry: `npm start`, or with QUAYSIDE_TEST_RUNTIME=node the one process under Node. Its first user is `admin`. */
export async function startServer(password: string, variables: Record<string, string> = {}): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'quayside-clients-'))
  const port = await freePort()
  const args = onNode
    ? ['src/runtimes/node.ts']
    : [
        'scripts/start.mjs',
        '--port',
        String(port),
        '--inspector-port',
        String(await freePort(port + 1)),
        '--persist-to',
        folder,
        ...Object.entries(variables).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
      ]
  const settings = {
    PORT: String(port),
    QUAYSIDE_DATA: folder,
    FEATURE_USER_INITIALIZE: 'true',
    SUPER_USERS: 'admin',
    ...variables,
  }
  const child = spawn(process.execPath, args, {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...(onNode && settings) },
  })
  const ended = once(child, 'exit')
  const host = `127.0.0.1:${port}`
  const pid = child.pid as number
  await untilReady(host, ended)
  const accessToken = await initialize(host, password)
  return {
    host,
    pid,
    folder,
    accessToken,
    async stop() {
      child.kill('SIGTERM')
      await Promise.race([ended, sleep(8000).then(() => process.kill(-pid, 'SIGKILL'))])
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function untilReady(host: string, ended: Promise<unknown>): Promise<void> {
  let dead = false
  ended.then(() => {
    dead = true
  })
  for (let i = 0; i < 200 && !dead; i++) {
    const status = await fetch(`http://${host}/v2/`).then(
      (response) => response.status,
      () => 0,
    )
    if (status === 401) return
    await sleep(300)
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
