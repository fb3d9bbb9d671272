import type { Setup } from './floors/workerd.ts'
import { type Answer, type Ask, mustSend, send } from './request.ts'
import type { Contender } from './rounds.ts'
import type { Runtime } from './runtimes/runtime.ts'
import type { FloorName, Prepared, Scenario } from './scenarios/scenario.ts'

/** Ours first, then its floors; each has been asked once, and said what it should. */
export async function contendersOf(
  scenario: Scenario,
  prepared: Prepared,
  runtime: Runtime,
  connections: number,
): Promise<{ contenders: Contender[]; answer: Answer }> {
  const target = runtime[scenario.app]
  const asked = prepared.writers.map((asks) => asks.map((ask) => ({ ...ask })))
  if (scenario.status === 304) await holdWhatIsThere(scenario, runtime, asked)
  const answer = await expectAnswer(scenario, await steady(target, asked[0]?.[0] as Ask))
  const pid = runtime.pid()
  const ours = contender(scenario.name, { target, writers: asked, connections, pid }, scenario, answer)
  const floors = scenario.floors.filter(
    (floor) => floor === 'static' || runtime.name === 'workerd' || floor === 'query',
  )
  const setup: Setup = {
    status: scenario.status,
    headers: replayed(answer),
    body: answer.body.toString(),
    ...(prepared.query && { query: prepared.query }),
    ...(prepared.move && { move: prepared.move.setup }),
  }
  await mustSend(runtime.floor, {
    method: 'PUT',
    path: `/prepare/${scenario.name}`,
    body: JSON.stringify(setup),
    headers: { 'content-type': 'application/json' },
  })
  const others: Contender[] = []
  for (const floor of floors) {
    const writers = floorAsks(floor, scenario, prepared, asked)
    const load = { target: runtime.floor, writers, connections, pid }
    const said = await send(runtime.floor, writers[0]?.[0] as Ask)
    if (floor !== 'move') requireSame(`${scenario.name}: the floor ${floor}`, answer, said)
    others.push(contender(floor, load, scenario, said))
  }
  return { contenders: [ours, ...others], answer }
}

function contender(name: string, load: Omit<Contender, 'name' | 'wireBytes'>, { varies }: Scenario, said: Answer) {
  return { name, ...load, wireBytes: varies ? undefined : said.wireBytes }
}

function floorAsks(floor: FloorName, { name }: Scenario, prepared: Prepared, asked: Ask[][]): Ask[][] {
  if (floor === 'move' && prepared.move) return prepared.move.writers
  const path = { static: 'static', cache: 'cached', query: 'queried', move: 'moved' }[floor]
  const headers = asked[0]?.[0]?.headers
  return [[{ path: `/${path}/${name}`, ...(headers && { headers }) }]]
}

/** Has all requests say which answer they hold already. */
async function holdWhatIsThere({ app }: Scenario, runtime: Runtime, asked: Ask[][]) {
  for (const ask of asked.flat()) {
    const { headers } = await mustSend(runtime[app], ask)
    ask.headers = { ...ask.headers, 'if-none-match': headers.etag ?? '' }
  }
}

/** What the edge keeps is kept after the first answer has left: the second one comes from there. */
async function steady(target: Runtime['cold'], ask: Ask): Promise<Answer> {
  await send(target, ask)
  await new Promise((resolve) => setTimeout(resolve, 50))
  return send(target, ask)
}

function expectAnswer({ name, status }: Scenario, answer: Answer): Answer {
  if (answer.status !== status) throw new Error(`${name}: ${answer.status} ${answer.body.toString().slice(0, 300)}`)
  return answer
}

/** Heads that differ by connection are made anew by whoever sends the answer. */
const ofConnection = ['connection', 'keep-alive', 'transfer-encoding', 'date', 'content-length']

const replayed = ({ headers }: Answer) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !ofConnection.includes(name)))

function requireSame(what: string, ours: Answer, theirs: Answer): void {
  if (ours.status !== theirs.status) throw new Error(`${what} answered ${theirs.status}, not ${ours.status}`)
  if (!ours.body.equals(theirs.body)) {
    const at = ours.body.findIndex((byte, i) => byte !== theirs.body[i])
    const excerpt = ({ body }: Answer) => body.subarray(Math.max(at - 40, 0), at + 80).toString()
    throw new Error(`${what} sends other bytes from ${at} on:\n${excerpt(ours)}\n${excerpt(theirs)}`)
  }
}
