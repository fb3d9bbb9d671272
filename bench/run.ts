/**
 * `npm run bench`: our registry against floors on the same runtime, and against other registries that are installed.
 * docs/benchmarks.md says what is measured and how to read it.
 */
import { writeFileSync } from 'node:fs'
import { contendersOf } from './contenders.ts'
import { costOf } from './figures.ts'
import { options } from './options.ts'
import { profile } from './profile.ts'
import { type Line, printHead, printLine } from './report.ts'
import type { Ask } from './request.ts'
import { compete } from './rounds.ts'
import type { Runtime } from './runtimes/runtime.ts'
import { startWorkerd } from './runtimes/workerd.ts'
import { scenarios } from './scenarios/index.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { seedWorld, type World } from './seed.ts'

const isWanted = ({ name, quick }: Scenario) =>
  options.scenarios
    ? options.scenarios.some(
        (wanted) => name === wanted || (wanted.endsWith('*') && name.startsWith(wanted.slice(0, -1))),
      )
    : !options.quick || quick

if (options.list) for (const { name, title } of scenarios) console.log(name.padEnd(24), title)
else if (options.profile) await profile(options.profile)
else await measureAll()

async function measureAll() {
  const wanted = scenarios.filter(isWanted)
  if (wanted.length === 0) throw new Error('no scenario has this name; `--list` shows them')
  const lines: Line[] = []
  const runtime = await startWorkerd({ readable: false })
  try {
    console.log(runtime.description)
    const world = await seedWorld(runtime)
    printHead()
    for (const scenario of wanted) {
      const line = await measure(scenario, world, runtime)
      lines.push(line)
      printLine(line)
    }
  } finally {
    await runtime.stop()
  }
  if (options.json) writeFileSync(options.json, `${JSON.stringify({ lines }, null, 2)}\n`)
}

async function measure(scenario: Scenario, world: World, runtime: Runtime): Promise<Line> {
  const prepared = await scenario.prepare(world, runtime)
  const connections = scenario.connections ?? options.connections
  const { contenders, answer } = await contendersOf(scenario, prepared, runtime, connections)
  const cost = await costOf(runtime, scenario.app, contenders[0]?.writers[0]?.[0] as Ask)
  const results = await compete(contenders, options.rounds, options.seconds)
  const note = await prepared.verify?.()
  const { name, title } = scenario
  const responseBytes = answer.body.length
  return { runtime: runtime.name, scenario: name, title, connections, responseBytes, cost, results, note }
}
