import type { Ask } from '../request.ts'
import { mustSend, send } from '../request.ts'
import type { Runtime } from '../runtimes/runtime.ts'
import type { RepositoryName, World } from '../seed.ts'
import type { Scenario } from './scenario.ts'

/** One writer, and eight, each on a tag of its own; all on one repository. */
export const moves: Scenario[] = [1, 8].map((count) => ({
  name: `move-${count}`,
  title: `tag move, ${count === 1 ? '1 writer' : `${count} writers`}`,
  app: 'cold',
  quick: true,
  connections: count,
  status: 201,
  varies: true,
  floors: ['move'],
  targets: [{ of: 'move', atLeast: 0.8 }],
  async prepare(world, runtime) {
    const path = `/api/v1/repository/${world.namespace}/moving/tag`
    const writers = await asksOf(world, 'moving', count, (tag) => `${path}/${tag}`)
    const floor = await asksOf(world, 'movingfloor', count, (tag) => `/moved/move-${count}/${tag}`)
    const setup = { lookup: world.lookup, namespace: world.namespace, repository: 'movingfloor' }
    return { writers, move: { setup, writers: floor }, verify: () => verify(world, runtime, writers) }
  },
}))

/** Each writer moves its tag to and fro between two images. */
async function asksOf(world: World, name: RepositoryName, count: number, pathOf: (tag: string) => string) {
  const { digests } = await world.repository(name)
  const headers = { authorization: `Bearer ${world.token}`, 'content-type': 'application/json' }
  return Array.from({ length: count }, (_, writer) =>
    digests.toReversed().map((digest): Ask => {
      const body = JSON.stringify({ manifest_digest: digest })
      return { method: 'PUT', path: pathOf(`t${writer + 1}`), headers, body }
    }),
  )
}

const movesEach = 25

/** What was under way when the load ended goes on for a while. */
async function settled<T>(count: () => Promise<T>): Promise<T> {
  for (let last = await count(); ; ) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    const now = await count()
    if (JSON.stringify(now) === JSON.stringify(last)) return now
    last = now
  }
}

/**
 * Every move that was acknowledged is in the history and in the log, and nothing else is. Writers run at the same time,
 * first each on its own tag, then all of them on one.
 */
async function verify(world: World, { cold, sql }: Runtime, writers: Ask[][]): Promise<string> {
  const { id } = await world.repository('moving')
  const count = async () => {
    const counts = await sql([
      `select count(*) n from tag_revision where repository_id = ${id}`,
      `select count(*) n from event where repository_id = ${id} and kind = 'move_tag'`,
      `select generation n from repository where id = ${id}`,
      `select count(*) n from tag t where repository_id = ${id}
        and (select count(*) from tag_revision r where r.repository_id = t.repository_id and r.name = t.name and ended_at is null) <> 1`,
    ])
    const [revisions = 0, events = 0, generation = 0, broken = 0] = counts.map(([row]) => Number(row?.n))
    return { revisions, events, generation, broken }
  }
  const before = await settled(count)
  let acknowledged = 0
  let refused = 0
  const run = (lists: Ask[][]) =>
    Promise.all(
      lists.map(async (asks) => {
        for (let i = 0; i < movesEach; i++) {
          const { status } = await send(cold, asks[i % asks.length] as Ask)
          if (status === 201) acknowledged++
          else if (status === 409 || status === 400) refused++
          else throw new Error(`a writer was answered ${status}`)
        }
      }),
    )
  await run(writers)
  const apart = { acknowledged, refused }
  await run(writers.map(() => writers[0] as Ask[]))
  const after = await count()
  const expected = {
    revisions: before.revisions + acknowledged,
    events: before.events + acknowledged,
    generation: before.generation + acknowledged,
    broken: 0,
  }
  if (JSON.stringify(after) !== JSON.stringify(expected)) {
    throw new Error(`moves were lost: ${JSON.stringify({ expected, after })}`)
  }
  if (apart.refused > 0) throw new Error(`${apart.refused} writers of tags of their own were refused`)
  await mustSend(cold, {
    path: `/api/v1/repository/${world.namespace}/moving/tag/`,
    headers: { authorization: `Bearer ${world.token}` },
  })
  return `${acknowledged} moves acknowledged, ${refused} refused as lost races on one tag, nothing lost`
}
