import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { expireTags } from '../../../../src/jobs/expireTags.ts'
import { type Client, createWorld, type World } from '../../../support/world.ts'

const repo = '/api/v1/repository/acme/app'
const names = ['one', 'two', 'three']
const steps = 40

/** The same numbers for the same seed (mulberry32). */
function numbers(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

interface Act {
  method: string
  path: string
  body?: unknown
  /** Lines that a success adds to the log. */
  lines: number
  restores?: string
}

function randomAct(random: (below: number) => number, digests: string[], now: number): Act {
  const name = names[random(names.length)]
  const digest = digests[random(digests.length)] as string
  const path = `${repo}/tag/${name}`
  const expiration = Math.floor(now / 1000) + 1 + random(4 * 3600)
  const choices: Act[] = [
    { method: 'PUT', path, body: { manifest_digest: digest }, lines: 1 },
    { method: 'PUT', path, body: { manifest_digest: digest }, lines: 1 },
    { method: 'PUT', path, body: { expiration }, lines: 1 },
    { method: 'PUT', path, body: { expiration, manifest_digest: digest }, lines: 2 },
    { method: 'POST', path: `${path}/restore`, body: { manifest_digest: digest }, lines: 1, restores: digest },
    { method: 'DELETE', path, lines: 1 },
    { method: 'DELETE', path, lines: 1 },
  ]
  return choices[random(choices.length)] as Act
}

/** What holds of a repository's tags after every change whatever. */
async function checkHistory(world: World) {
  const { live, history } = await world.tags('acme/app')
  for (const name of names) {
    const rows = history.filter((row) => row.name === name)
    expect(
      rows.filter(({ endedAt }) => endedAt === null).length,
      `${name}: one live meaning at most`,
    ).toBeLessThanOrEqual(1)
    rows.slice(1).forEach((row, i) => {
      const before = rows[i]
      expect(row.startedAt.getTime(), `${name}: starts increase`).toBeGreaterThan(before?.startedAt.getTime() ?? 0)
      expect(before?.endedAt?.getTime() ?? Number.NaN, `${name}: no overlap`).toBeLessThanOrEqual(
        row.startedAt.getTime(),
      )
    })
    const open = rows.find(({ endedAt }) => endedAt === null)
    expect(live.find((row) => row.name === name)?.revisionId, `${name}: the live row is its last meaning`).toBe(
      open?.id,
    )
  }
  const [[count]] = await world.store.batch([
    world.store
      .select({ n: sql<number>`(select tag_count from repository where name = 'app')`.as('n') })
      .from(sql`(select 1)`),
  ])
  expect(count?.n).toBe(live.length)
}

/** The list by pages is the list as a whole, newest first. */
async function checkList(client: Client) {
  interface List {
    tags: { name: string; start_ts: number }[]
    has_additional: boolean
  }
  const whole = (await client.get<List>(`${repo}/tag/?limit=100`)).tags
  const paged: List['tags'] = []
  for (let page = 1, more = true; more; page++) {
    const part = await client.get<List>(`${repo}/tag/?limit=7&page=${page}`)
    paged.push(...part.tags)
    more = part.has_additional
  }
  expect(paged.slice(0, 100)).toEqual(whole)
  const starts = whole.map((tag) => tag.start_ts)
  expect(starts).toEqual(starts.toSorted((a, b) => b - a))
}

describe('whatever happens to tags', () => {
  it.each([1, 2, 3])('their history has no gap, no overlap and no untold change (seed %i)', async (seed) => {
    const world = await createWorld()
    const client = await world.withScope('bob', 'repo:write', 10_000_000)
    const random = numbers(seed)
    const digests = await Promise.all(['a', 'b', 'c'].map((layer) => world.image('acme/app', { layers: [layer] })))
    await world.point('acme/app', { keeps: digests[0] as string, keepsToo: digests[1] as string })

    for (let step = 0; step < steps; step++) {
      // Often no time passes at all: two changes in one millisecond must not collide.
      world.tick([0, 0, 1, 5000, 2 * 3_600_000][random(5)] as number)
      if (random(10) === 0) await expireTags(world.services)
      const act = randomAct(random, digests, world.clock.now.getTime())
      const logged = (await world.events()).length
      const response = await client.request(act.method, act.path, act.body)
      expect([200, 201, 204, 400, 404]).toContain(response.status)
      expect((await world.events()).length - logged).toBe(response.ok ? act.lines : 0)
      if (act.restores && response.ok) {
        const name = act.path.split('/').at(-2)
        expect((await world.tags('acme/app')).live.find((row) => row.name === name)?.digest).toBe(act.restores)
      }
      await checkHistory(world)
    }
    world.tick(4000)
    await checkList(client)
  })
})
