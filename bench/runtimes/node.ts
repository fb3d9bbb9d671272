import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { end, temporary, watched } from '../leaving.ts'
import { freePort, isUp } from '../ports.ts'
import type { Target } from '../request.ts'
import { type Row, type Runtime, registryHost } from './runtime.ts'
import { versionOf } from './versions.ts'

const root = dirname(dirname(import.meta.dirname))

/** What `npm run start:node` runs, twice on one folder, and floors in a process of their own on the same file. */
export async function startNode({ readable }: { readable: boolean }): Promise<Runtime> {
  const folder = temporary(mkdtempSync(join(tmpdir(), 'quayside-bench-')))
  const children: ChildProcess[] = []
  const inspectors = new Map<Target, string>()
  const start = async (program: string, environment: Record<string, string>, probe: string): Promise<Target> => {
    const port = await freePort()
    const inspectorPort = readable ? await freePort() : undefined
    const flags = inspectorPort ? [`--inspect=127.0.0.1:${inspectorPort}`] : []
    const child = watched(
      spawn(process.execPath, [...flags, join(root, program)], {
        env: { ...process.env, ...environment, PORT: String(port), QUAYSIDE_DATA: folder },
        stdio: ['ignore', 'ignore', readable ? 'ignore' : 'inherit'],
      }),
    )
    children.push(child)
    const target = { port, host: registryHost, pid: child.pid }
    await isUp(target, probe)
    if (inspectorPort) inspectors.set(target, `http://127.0.0.1:${inspectorPort}/json`)
    return target
  }
  const stop = async () => {
    for (const child of children) await end(child)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const settings = { SECRET_KEY: randomBytes(32).toString('hex'), FEATURE_USER_INITIALIZE: 'true' }
    const common = { ...settings, SERVER_HOSTNAME: registryHost }
    const cold = await start('src/runtimes/node.ts', { ...common, EDGE_TTL_SECONDS: '0' }, '/v2/')
    const hot = await start('src/runtimes/node.ts', common, '/v2/')
    const floor = await start('bench/floors/node.ts', {}, '/')
    const database = new DatabaseSync(join(folder, 'registry.db'), { timeout: 20_000 })
    return {
      name: 'node',
      description: `Node ${process.version}, @hono/node-server ${versionOf('@hono/node-server')}, @libsql/client ${versionOf('@libsql/client')} on a file, blobs in a folder`,
      cold,
      hot,
      before: [],
      floor,
      floors: ['static', 'query', 'move', 'bytes'],
      async sql(statements) {
        database.exec('begin immediate')
        const rows = statements.map((statement) => database.prepare(statement).all() as Row[])
        database.exec('commit')
        return rows
      },
      async inspector(app) {
        const address = inspectors.get(app === 'cold' ? cold : hot) ?? ''
        const [isolate] = (await (await fetch(address)).json()) as { webSocketDebuggerUrl: string }[]
        return isolate?.webSocketDebuggerUrl ?? ''
      },
      bundle: () => [],
      async stop() {
        database.close()
        await stop()
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}
