import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Ask, Target } from '../request.ts'
import { luaScript, mark } from './luaScript.ts'

export interface Load {
  target: Target
  /** A list of requests for each writer; all connections share one list where there is only one. */
  writers: readonly (readonly Ask[])[]
  connections: number
  seconds: number
}

/** What one run of the load generator saw. Latencies are in milliseconds. */
export interface Measured {
  requests: number
  seconds: number
  /** Read from the wire, heads too. */
  bytes: number
  errors: number
  /** Answers of 400 and above. */
  refused: number
  p50: number
  p99: number
}

const run = promisify(execFile)
const hasWrk = spawnSync('wrk', ['-v']).error === undefined

export const generator = hasWrk ? 'wrk' : 'autocannon'

const attempts = 4
const settleMilliseconds = 100

/** Sends load for a while from a process of its own. On a machine that others keep busy it may take longer to see any answer. */
export async function load(wanted: Load): Promise<Measured> {
  for (let attempt = 1; ; attempt++) {
    const measured = await (hasWrk ? runWrk : runAutocannon)({ ...wanted, seconds: wanted.seconds * attempt ** 2 })
    // What was under way is not called back: the next one's writers would meet it.
    await new Promise((resolve) => setTimeout(resolve, settleMilliseconds))
    if (measured.requests > 0 || attempt === attempts) return measured
  }
}

const nothing: Measured = { requests: 0, seconds: 0, bytes: 0, errors: 0, refused: 0, p50: 0, p99: 0 }

/** Interrupted before it was ready for that. */
function endedEarly(error: { signal?: string }): { stdout: string } {
  if (error.signal === 'SIGINT') return { stdout: '' }
  throw error
}

const addressOf = ({ address = '127.0.0.1', port }: Target) => `http://${address}:${port}/`

async function runWrk({ target, writers, connections, seconds }: Load): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'quayside-load-'))
  try {
    const script = join(folder, 'load.lua')
    writeFileSync(script, luaScript(target, writers))
    const threads = String(Math.min(writers.length, connections))
    const limits = ['-t', threads, '-c', String(connections), '-d', '60s', '--timeout', '20s']
    const running = run('wrk', [...limits, '-s', script, addressOf(target)])
    // Its own limit knows whole seconds only; it tells what it saw when it is interrupted.
    const timer = setTimeout(() => running.child.kill('SIGINT'), seconds * 1000)
    const { stdout } = await running.catch(endedEarly).finally(() => clearTimeout(timer))
    const line = stdout.split('\n').find((text) => text.startsWith(mark))
    if (!line) return nothing
    return JSON.parse(line.slice(mark.length)) as Measured
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function runAutocannon({ target, writers, connections, seconds }: Load): Promise<Measured> {
  const asks = writers.map((list) =>
    list.map(({ headers, ...ask }) => ({ ...ask, headers: { host: target.host, ...headers } })),
  )
  const spec = { url: addressOf(target), writers: asks, connections, seconds }
  const program = join(import.meta.dirname, 'autocannon.mjs')
  const { stdout } = await run(process.execPath, [program, JSON.stringify(spec)])
  return JSON.parse(stdout) as Measured
}
