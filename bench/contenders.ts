import type { Setup } from './floors/setup.ts'
import type { Peer } from './peers/peer.ts'
import { type Answer, type Ask, mustSend, send, type Target } from './request.ts'
import type { Contender } from './rounds.ts'
import type { Runtime } from './runtimes/runtime.ts'
import type { FloorName, Prepared, Scenario } from './scenarios/scenario.ts'

interface Field {
  scenario: Scenario
  prepared: Prepared
  runtime: Runtime
  connections: number
  peers: readonly Peer[]
}

/** Ours first, then who it is compared with; each has been asked once, and said what it should. */
export async function contendersOf(field: Field): Promise<{ contenders: Contender[]; answer: Answer }> {
  const { scenario, prepared, runtime, peers } = field
  const writers = prepared.writers.map((asks) => asks.map((ask) => ({ ...ask })))
  if (scenario.status === 304) await holdWhatIsThere(runtime[scenario.app], writers)
  const { contender, answer } = await registryContender(field, 'ours', scenario.name, runtime[scenario.app], writers)
  const contenders = [contender, ...(await floorContenders(field, answer, writers))]
  if (prepared.rival) {
    const { name, writers } = prepared.rival
    contenders.push((await registryContender(field, 'rival', name, runtime[scenario.app], writers)).contender)
  }
  for (const { commit, ...targets } of runtime.before) {
    const before = await registryContender(field, 'before', `at ${commit}`, targets[scenario.app], writers)
    contenders.push(before.contender)
  }
  for (const { name, target, headers } of prepared.peers ? peers : []) {
    const writers = (prepared.peers ?? []).map((asks) =>
      asks.map((ask) => ({ ...ask, headers: { ...ask.headers, ...headers } })),
    )
    const peer = await registryContender(field, 'peer', name, target, writers)
    requireEqual(`${scenario.name}: ${name}`, answer, peer.answer)
    contenders.push(peer.contender)
  }
  return { contenders, answer }
}

/** A registry, ours or another: its own answers are what it has to repeat. */
async function registryContender(
  field: Field,
  kind: Contender['kind'],
  name: string,
  target: Target,
  writers: Ask[][],
) {
  const { scenario, connections } = field
  const answer = await steady(target, writers[0]?.[0] as Ask)
  if (answer.status !== scenario.status) {
    throw new Error(`${scenario.name}, ${name}: ${answer.status} ${answer.body.toString().slice(0, 300)}`)
  }
  return { answer, contender: { name, kind, target, writers, connections, wireBytes: wireBytesOf(scenario, answer) } }
}

async function floorContenders({ scenario, prepared, runtime, connections }: Field, answer: Answer, ours: Ask[][]) {
  const target = runtime.floor
  const setup: Setup = {
    status: scenario.status,
    headers: replayed(answer),
    body: answer.body.toString(),
    ...(prepared.query && { query: prepared.query }),
    ...(prepared.move && { move: prepared.move.setup }),
  }
  await mustSend(target, { method: 'PUT', path: `/prepare/${scenario.name}`, body: JSON.stringify(setup) })
  const contenders: Contender[] = []
  for (const floor of scenario.floors.filter((name) => runtime.floors.includes(name))) {
    const isMove = floor === 'move'
    const writers = isMove && prepared.move ? prepared.move.writers : floorAsks(floor, scenario, ours)
    const said = await send(target, writers[0]?.[0] as Ask)
    requireSame(`${scenario.name}: the floor ${floor}`, answer, said, scenario)
    contenders.push({
      name: floor,
      kind: 'floor',
      target,
      writers,
      connections,
      wireBytes: wireBytesOf(scenario, said),
    })
  }
  return contenders
}

const wireBytesOf = ({ varies }: Scenario, { wireBytes }: Answer) => (varies ? undefined : wireBytes)

/** The floor is asked with the same heads, so that reading them costs it the same. */
function floorAsks(floor: FloorName, { name }: Scenario, ours: Ask[][]): Ask[][] {
  const path = { static: 'static', cache: 'cached', query: 'queried', move: 'moved', bytes: 'bytes' }[floor]
  const headers = ours[0]?.[0]?.headers
  return [[{ path: `/${path}/${name}`, ...(headers && { headers }) }]]
}

/** Has all requests say which answer they hold already. */
async function holdWhatIsThere(target: Target, writers: Ask[][]) {
  for (const ask of writers.flat()) {
    const { headers } = await mustSend(target, ask)
    ask.headers = { ...ask.headers, 'if-none-match': headers.etag ?? '' }
  }
}

/** What the edge keeps is kept after the first answer has left: the second one comes from there. */
async function steady(target: Target, ask: Ask): Promise<Answer> {
  await send(target, ask)
  await new Promise((resolve) => setTimeout(resolve, 100))
  return send(target, ask)
}

/** Heads that differ by connection are made anew by whoever sends the answer. */
const ofConnection = ['connection', 'keep-alive', 'transfer-encoding', 'date', 'content-length']

const replayed = ({ headers }: Answer) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !ofConnection.includes(name)))

function requireSame(what: string, ours: Answer, theirs: Answer, { varies }: Scenario): void {
  if (ours.status !== theirs.status) throw new Error(`${what} answered ${theirs.status}, not ${ours.status}`)
  if (!varies && !ours.body.equals(theirs.body)) {
    const at = ours.body.findIndex((byte, i) => byte !== theirs.body[i])
    const excerpt = ({ body }: Answer) => body.subarray(Math.max(at - 40, 0), at + 80).toString()
    throw new Error(`${what} sends other bytes from ${at} on:\n${excerpt(ours)}\n${excerpt(theirs)}`)
  }
}

/** Other registries may write the same in another way: distribution 2.8 lists tags as they lie in its folder. */
function requireEqual(what: string, ours: Answer, theirs: Answer): void {
  const read = ({ body }: Answer) =>
    JSON.stringify(JSON.parse(body.toString(), (_, value) => (Array.isArray(value) ? value.toSorted() : value)))
  if (read(ours) !== read(theirs))
    throw new Error(`${what} says something else: ${theirs.body.toString().slice(0, 300)}`)
}
