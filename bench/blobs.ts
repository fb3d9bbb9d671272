import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { BlobLoad, BlobsMeasured } from './load/blobs.ts'
import { memoryOf, resetPeak } from './memory.ts'
import { type Peer, sharedRepository } from './peers/peer.ts'
import { mustSend, type Target } from './request.ts'
import { type Spread, spread } from './rounds.ts'
import type { Runtime } from './runtimes/runtime.ts'
import type { World } from './seed.ts'

/** How fast bytes went one way, and what that cost the answering process. */
export interface BytesResult {
  name: string
  kind: 'ours' | 'floor' | 'peer'
  megabytesPerSecond: Spread
  /** Resident, of the process that answers: before, and at most. */
  memory: { beforeMiB: number; peakMiB: number } | undefined
}

export interface BytesLine {
  runtime: string
  direction: 'push' | 'pull'
  megabytes: number
  results: BytesResult[]
}

interface Mover {
  name: string
  kind: BytesResult['kind']
  target: Target
  headers: Record<string, string>
  repository: string | undefined
  places: string[]
}

/** Blobs of these sizes in megabytes, and how many a round moves. */
const sizes = [
  [1, 10],
  [10, 3],
  [100, 1],
] as const

/** Pushes and pulls of blobs: one client at a time, contenders in turns. */
export async function measureBlobs(
  runtime: Runtime,
  world: World,
  peers: readonly Peer[],
  rounds: number,
): Promise<BytesLine[]> {
  await world.repository('public')
  const lines: BytesLine[] = []
  for (const [megabytes, count] of sizes) {
    const authorization = `Bearer ${await world.registryToken('public')}`
    const movers: Mover[] = [
      {
        name: 'ours',
        kind: 'ours',
        target: runtime.hot,
        headers: { authorization },
        repository: sharedRepository,
        places: [],
      },
      { name: 'bytes', kind: 'floor', target: runtime.floor, headers: {}, repository: undefined, places: [] },
      ...peers.map(
        ({ name, target, headers }): Mover => ({
          name,
          kind: 'peer',
          target,
          headers,
          repository: sharedRepository,
          places: [],
        }),
      ),
    ]
    for (const direction of ['push', 'pull'] as const) {
      const results = await takeTurns(movers, direction, megabytes, count, rounds)
      lines.push({ runtime: runtime.name, direction, megabytes, results })
    }
    for (const mover of movers) await verify(mover)
  }
  return lines
}

async function takeTurns(
  movers: Mover[],
  direction: BlobLoad['direction'],
  megabytes: number,
  count: number,
  rounds: number,
): Promise<BytesResult[]> {
  const seen = movers.map(() => ({ rates: [] as number[], before: [] as number[], peaks: [] as number[] }))
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < movers.length; turn++) {
      const which = (turn + round) % movers.length
      const [mover, figures] = [movers[which], seen[which]]
      if (!mover || !figures) continue
      const { name: _, kind: __, ...load } = mover
      resetPeak(mover.target.pid)
      const before = memoryOf(mover.target.pid)
      const { seconds, places } = await send({ ...load, direction, bytes: megabytes * 1_000_000, count })
      const after = memoryOf(mover.target.pid)
      if (direction === 'push') mover.places = places
      figures.rates.push(...seconds.map((time) => megabytes / time))
      if (before && after) {
        figures.before.push(before.residentMiB)
        figures.peaks.push(after.peakMiB)
      }
    }
  }
  return movers.map(({ name, kind }, i) => {
    const { rates = [], before = [], peaks = [] } = seen[i] ?? {}
    const memory = peaks.length > 0 ? { beforeMiB: spread(before).median, peakMiB: spread(peaks).max } : undefined
    return { name, kind, megabytesPerSecond: spread(rates), memory }
  })
}

const run = promisify(execFile)

async function send(load: BlobLoad): Promise<BlobsMeasured> {
  const program = join(import.meta.dirname, 'load/blobs.ts')
  const { stdout } = await run(process.execPath, [program, JSON.stringify(load)])
  return JSON.parse(stdout)
}

/** @throws where a registry gives other bytes than those that its digest names */
async function verify({ name, target, headers, repository, places: [path] }: Mover) {
  if (!repository || !path) return
  const { body } = await mustSend(target, { path, headers })
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`
  if (!path.endsWith(digest)) throw new Error(`${name} sent ${digest} for ${path}`)
}
