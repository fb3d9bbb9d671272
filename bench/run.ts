/**
 * `npm run bench`: our registry against floors on the same runtime, and against other registries that are installed.
 * docs/benchmarks.md says what is measured and how to read it.
 */
import { writeFileSync } from 'node:fs'
import { type BytesLine, measureBlobs } from './blobs.ts'
import { contendersOf } from './contenders.ts'
import { type Report, writeDocument } from './document.ts'
import { costOf } from './figures.ts'
import { describeRun } from './machine.ts'
import { options } from './options.ts'
import type { Peer } from './peers/peer.ts'
import { startPeers } from './peers/peers.ts'
import { profile } from './profile.ts'
import { type Line, printBytes, printLine } from './report.ts'
import type { Ask } from './request.ts'
import { compete } from './rounds.ts'
import type { Runtime } from './runtimes/runtime.ts'
import { startRuntime } from './runtimes/start.ts'
import { scenarios } from './scenarios/index.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { seedWorld, type World } from './seed.ts'
import { verdictsOf } from './verdicts.ts'

if (options.list) for (const { name, title } of scenarios) console.log(name.padEnd(24), title)
else if (options.profile) await profile(options.profile)
else await measureAll()

async function measureAll() {
  const wanted = scenarios.filter(isWanted)
  const wantsBlobs = options.scenarios ? options.scenarios.includes('blobs') : !options.quick
  if (wanted.length === 0 && !wantsBlobs) throw new Error('no scenario has this name; `--list` shows them')
  const run = describeRun()
  const lines: Line[] = []
  const bytes: BytesLine[] = []
  const refused: string[] = []
  const peers =
    wantsBlobs || wanted.some(({ name }) => name.startsWith('public')) ? await startPeers(options.peers) : []
  const report: Report = { ...run, lines, bytes, refused }
  run.peers.push(...peers.map(({ description }) => description))
  try {
    for (const name of options.runtimes) {
      const runtime = await startRuntime[name]({ readable: false, against: options.against })
      run.runtimes.push(runtime.description)
      try {
        await measureOn(runtime, { wanted, wantsBlobs, peers }, report)
      } finally {
        await runtime.stop()
      }
    }
  } finally {
    for (const peer of peers) await peer.stop()
  }
  const verdicts = lines.flatMap(({ verdicts }) => verdicts)
  if (verdicts.length > 0)
    console.log(`\n${verdicts.filter(({ met }) => met).length} of ${verdicts.length} targets met`)
  if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`)
  if (options.write) writeDocument(report)
}

function isWanted({ name, quick }: Scenario): boolean {
  if (!options.scenarios) return !options.quick || Boolean(quick)
  const matches = (text: string) => (text.endsWith('*') ? name.startsWith(text.slice(0, -1)) : name === text)
  return options.scenarios.some(matches)
}

interface Plan {
  wanted: Scenario[]
  wantsBlobs: boolean
  peers: Peer[]
}

async function measureOn(runtime: Runtime, { wanted, wantsBlobs, peers }: Plan, { lines, bytes, refused }: Report) {
  console.log(`\n${runtime.description}`)
  const world = await seedWorld(runtime)
  for (const scenario of wanted) {
    try {
      const line = await measure(scenario, world, runtime, peers)
      lines.push(line)
      printLine(line)
    } catch (error) {
      // Figures of answers that were wrong are none; the others stand.
      refused.push(`${runtime.name}, ${scenario.name}: ${error instanceof Error ? error.message : error}`)
      console.error(`\nREFUSED ${refused.at(-1)}`)
      process.exitCode = 1
    }
  }
  if (!wantsBlobs) return
  for (const line of await measureBlobs(runtime, world, peers, Math.min(options.rounds, 3))) {
    bytes.push(line)
    printBytes(line)
  }
}

async function measure(scenario: Scenario, world: World, runtime: Runtime, peers: Peer[]): Promise<Line> {
  const { name, title, app } = scenario
  const prepared = await scenario.prepare(world, runtime)
  const connections = scenario.connections ?? options.connections
  // A quick run has no time for what is only there to be looked at.
  const floors = options.quick ? scenario.floors.filter((floor) => floor !== 'static') : scenario.floors
  const asked = { ...scenario, floors: floors.length > 0 ? floors : scenario.floors }
  const { contenders, answer } = await contendersOf({ scenario: asked, prepared, runtime, connections, peers })
  const cost = await costOf(runtime, app, contenders[0]?.writers[0]?.[0] as Ask)
  const results = await compete(contenders, options.rounds, options.seconds)
  const note = await prepared.verify?.()
  const verdicts = verdictsOf(scenario, runtime.name, results)
  const responseBytes = answer.body.length
  return { runtime: runtime.name, scenario: name, title, connections, responseBytes, cost, results, verdicts, note }
}
