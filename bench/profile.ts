import { writeFileSync } from 'node:fs'
import { contendersOf } from './contenders.ts'
import { load } from './load/load.ts'
import { options } from './options.ts'
import { startRuntime } from './runtimes/start.ts'
import { scenarios } from './scenarios/index.ts'
import { seedWorld } from './seed.ts'

interface Node {
  id: number
  callFrame: { functionName: string; url: string; lineNumber: number }
  children?: number[]
}

interface Profile {
  nodes: Node[]
  samples: number[]
  timeDeltas: number[]
}

/** Where one scenario spends its time: functions by what they themselves take, of the isolate's CPU profile. */
export async function profile(name: string): Promise<void> {
  const scenario = scenarios.find((candidate) => candidate.name === name)
  if (!scenario) throw new Error(`no scenario is called ${name}; \`--list\` shows them`)
  const [which = 'workerd'] = options.runtimes
  const runtime = await startRuntime[which]({ readable: true, against: [] })
  try {
    const world = await seedWorld(runtime)
    const prepared = await scenario.prepare(world, runtime)
    const connections = scenario.connections ?? options.connections
    const { contenders } = await contendersOf({ scenario, prepared, runtime, connections, peers: [] })
    const [ours] = contenders
    if (!ours) return
    await load({ ...ours, seconds: 2 })
    const inspector = await connect(await runtime.inspector(scenario.app))
    await inspector.ask('Profiler.enable')
    await inspector.ask('Profiler.setSamplingInterval', { interval: 100 })
    await inspector.ask('Profiler.start')
    const { requests, seconds } = await load({ ...ours, seconds: Math.max(options.seconds, 5) })
    const { profile } = await inspector.ask<{ profile: Profile }>('Profiler.stop')
    inspector.close()
    console.log(`${name}: ${(requests / seconds).toFixed(0)} requests a second while it was profiled`)
    print(profile, requests, runtime.bundle())
    const file = options.json ?? `${name}.cpuprofile`
    writeFileSync(file, JSON.stringify(profile))
    console.log(`${file} can be opened in a browser's developer tools`)
  } finally {
    await runtime.stop()
  }
}

async function connect(url: string) {
  const socket = new WebSocket(url)
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', reject)
  })
  let last = 0
  const waiting = new Map<number, (message: { result: unknown; error?: { message: string } }) => void>()
  socket.addEventListener('message', (event) => {
    const message = JSON.parse(String(event.data))
    waiting.get(message.id)?.(message)
  })
  return {
    ask<T = unknown>(method: string, params: Record<string, unknown> = {}): Promise<T> {
      const id = ++last
      socket.send(JSON.stringify({ id, method, params }))
      return new Promise((resolve, reject) => {
        waiting.set(id, ({ result, error }) => (error ? reject(new Error(error.message)) : resolve(result as T)))
      })
    },
    close: () => socket.close(),
  }
}

const shownMax = 45

/** Where a line of the bundle comes from: a readable one names each file in a comment before its text. */
function placeOf(url: string, line: number, bundle: string[]): string {
  if (!url.endsWith('worker.js')) return url && `${url}:${line + 1}`
  for (let at = line; at >= 0; at--) {
    const [, file] = /^\/\/ (\S+\.[cm]?[jt]s)$/.exec(bundle[at] ?? '') ?? []
    if (file) return `${file.replace(/^.*node_modules\//, '')} +${line - at}: ${bundle[line]?.trim().slice(0, 60)}`
  }
  return `worker.js:${line + 1}`
}

function print({ nodes, samples, timeDeltas }: Profile, requests: number, bundle: string[]): void {
  const selfTime = new Map<number, number>()
  for (const [i, id] of samples.entries()) selfTime.set(id, (selfTime.get(id) ?? 0) + (timeDeltas[i] ?? 0))
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)))
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const titleOf = ({ callFrame: { functionName, url, lineNumber } }: Node) =>
    `${functionName || '(anonymous)'} ${placeOf(url, lineNumber, bundle)}`
  const self = new Map<string, number>()
  const total = new Map<string, number>()
  let all = 0
  let idle = 0
  for (const node of nodes) {
    const time = selfTime.get(node.id) ?? 0
    all += time
    if (node.callFrame.functionName === '(idle)') idle += time
    self.set(titleOf(node), (self.get(titleOf(node)) ?? 0) + time)
    const stack = new Set<string>()
    for (let at: Node | undefined = node; at; at = byId.get(parents.get(at.id) ?? -1)) stack.add(titleOf(at))
    for (const title of stack) total.set(title, (total.get(title) ?? 0) + time)
  }
  const perRequest = (time: number) => (time / requests).toFixed(1).padStart(8)
  console.log(
    `busy ${((1 - idle / all) * 100).toFixed(0)}% of the time, ${((all - idle) / requests).toFixed(0)} µs a request`,
  )
  for (const [heading, times] of [
    ['by what a function itself takes', self],
    ['with all that it calls', total],
  ] as const) {
    console.log(`\n${heading}\n µs/req   share`)
    const sorted = [...times].filter(([title]) => !/^\((root|idle)\)/.test(title)).sort(([, a], [, b]) => b - a)
    for (const [title, time] of sorted.slice(0, shownMax)) {
      console.log(`${perRequest(time)}${`${((time / (all - idle)) * 100).toFixed(1)}%`.padStart(8)}  ${title}`)
    }
  }
}
