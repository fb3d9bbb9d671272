import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { tag, tagRevision } from '../../../../src/store/schema.ts'
import { createWorld, type World } from '../../../support/world.ts'

const repo = '/api/v1/repository/acme/app'
const settings = {
  FEATURE_IMMUTABLE_TAGS: true,
  FEATURE_PERMANENTLY_DELETE_TAGS: true,
}
const windowMs = 1_209_600_000

/** A row of a name's history: when it begins and ends (by its plan or really), what made it, and of which image. */
type Row = [start: number, end: number | null, cause: string, image: string, immutable: boolean]

/** A world whose name `v1` is in a state; times count from the moment of the change, in milliseconds. */
async function worldIn(state: string) {
  const world = await createWorld({ settings })
  const A = await world.image('acme/app', { layers: ['a'] })
  const B = await world.image('acme/app', { layers: ['b'] })
  await world.point('acme/app', { keeps: A, alsoKeeps: B })
  if (state !== 'none') await world.point('acme/app', { v1: A })
  world.tick(10_000)
  if (state === 'dead') await world.as('alice').request('DELETE', `${repo}/tag/v1`)
  if (state === 'expiring') {
    const expiration = Math.floor(world.clock.now.getTime() / 1000) + 7200
    await world.as('alice').request('PUT', `${repo}/tag/v1`, { expiration })
  }
  if (state === 'immutable') await world.as('alice').request('PUT', `${repo}/tag/v1`, { immutable: true })
  world.tick(10_000)
  return { world, A, B, before: (await world.events()).length }
}

async function history(world: World, images: Record<string, string>): Promise<Row[]> {
  const { history: rows } = await world.tags('acme/app')
  const ids = await manifestIds(world, images)
  const now = world.clock.now.getTime()
  return rows
    .filter(({ name }) => name === 'v1')
    .map((row) => [
      row.startedAt.getTime() - now,
      relative(row.endedAt ?? row.expiresAt, now),
      row.cause,
      ids.get(row.manifestId) ?? '?',
      row.immutable,
    ])
}
const relative = (at: Date | null, now: number) => (at ? at.getTime() - now : null)

async function manifestIds(world: World, images: Record<string, string>) {
  const rows = (await world.store.all(sql`select id, digest from manifest`)) as { id: number; digest: string }[]
  const names = new Map(Object.entries(images).map(([name, digest]) => [digest, name]))
  return new Map(rows.map(({ id, digest }) => [id, names.get(digest) ?? '?']))
}

const old: Row = [-20_000, null, 'push', 'A', false]
const closed: Row = [-20_000, 0, 'push', 'A', false]
const dead: Row = [-20_000, -10_000, 'push', 'A', false]
const expiring: Row = [-20_000, 7_190_000, 'push', 'A', false]
const fixed: Row = [-20_000, null, 'push', 'A', true]
const fresh = (image: string, cause = 'move'): Row => [0, null, cause, image, false]

interface Case {
  state: 'none' | 'dead' | 'alive' | 'expiring' | 'immutable'
  does: string
  as?: 'alice' | 'bob'
  status: number
  leaves: Row[]
  events?: string[]
}

const PUT = (body: Record<string, unknown>) => ['PUT', '', body] as const
const day = 86_400
const acts: Record<string, (A: string, B: string, now: number) => readonly [string, string, unknown?]> = {
  'moves to B': (_, B) => PUT({ manifest_digest: B }),
  'moves to A': (A) => PUT({ manifest_digest: A }),
  'restores B': (_, B) => ['POST', '/restore', { manifest_digest: B }],
  deletes: () => ['DELETE', ''],
  'expires tomorrow': (_, __, now) => PUT({ expiration: Math.floor(now / 1000) + day }),
  'expires never': () => PUT({ expiration: null }),
  'makes immutable': () => PUT({ immutable: true }),
  'makes mutable': () => PUT({ immutable: false }),
  'clears and makes immutable': () => PUT({ expiration: null, immutable: true }),
  'expires, then moves': (_, B, now) => PUT({ expiration: Math.floor(now / 1000) + day, manifest_digest: B }),
  'makes immutable, then moves': (_, B) => PUT({ immutable: true, manifest_digest: B }),
  'makes mutable, then moves': (_, B) => PUT({ immutable: false, manifest_digest: B }),
  nothing: () => PUT({}),
  'forgets the live one': () => ['POST', '/expire', { is_alive: true }],
  'forgets A': (A) => ['POST', '/expire', { manifest_digest: A }],
}
// The end carries the start's part of a second: 250 ms into the second that was asked for.
const tomorrow = (day - 20) * 1000 + 20_000

const cases: Case[] = [
  { state: 'none', does: 'moves to B', status: 201, leaves: [fresh('B')], events: ['create_tag'] },
  { state: 'dead', does: 'moves to B', status: 201, leaves: [dead, fresh('B')], events: ['create_tag'] },
  { state: 'alive', does: 'moves to B', status: 201, leaves: [closed, fresh('B')], events: ['move_tag'] },
  { state: 'alive', does: 'moves to A', status: 201, leaves: [closed, fresh('A')], events: ['move_tag'] },
  { state: 'expiring', does: 'moves to B', status: 201, leaves: [closed, fresh('B')], events: ['move_tag'] },
  { state: 'immutable', does: 'moves to B', status: 409, leaves: [fixed] },
  { state: 'immutable', does: 'moves to A', status: 409, leaves: [fixed] },

  { state: 'none', does: 'restores B', status: 200, leaves: [fresh('B', 'restore')], events: ['revert_tag'] },
  { state: 'dead', does: 'restores B', status: 200, leaves: [dead, fresh('B', 'restore')], events: ['revert_tag'] },
  { state: 'alive', does: 'restores B', status: 200, leaves: [closed, fresh('B', 'restore')], events: ['revert_tag'] },
  {
    state: 'expiring',
    does: 'restores B',
    status: 200,
    leaves: [closed, fresh('B', 'restore')],
    events: ['revert_tag'],
  },
  { state: 'immutable', does: 'restores B', status: 409, leaves: [fixed] },

  { state: 'none', does: 'deletes', status: 404, leaves: [] },
  { state: 'dead', does: 'deletes', status: 404, leaves: [dead] },
  { state: 'alive', does: 'deletes', status: 204, leaves: [closed], events: ['delete_tag'] },
  { state: 'expiring', does: 'deletes', status: 204, leaves: [closed], events: ['delete_tag'] },
  { state: 'immutable', does: 'deletes', status: 409, leaves: [fixed] },

  { state: 'none', does: 'expires tomorrow', status: 404, leaves: [] },
  { state: 'dead', does: 'expires tomorrow', status: 404, leaves: [dead] },
  {
    state: 'alive',
    does: 'expires tomorrow',
    status: 201,
    leaves: [[-20_000, tomorrow, 'push', 'A', false]],
    events: ['change_tag_expiration'],
  },
  {
    state: 'expiring',
    does: 'expires tomorrow',
    status: 201,
    leaves: [[-20_000, tomorrow, 'push', 'A', false]],
    events: ['change_tag_expiration'],
  },
  { state: 'immutable', does: 'expires tomorrow', status: 400, leaves: [fixed] },

  { state: 'none', does: 'expires never', status: 404, leaves: [] },
  { state: 'alive', does: 'expires never', status: 201, leaves: [old] },
  { state: 'expiring', does: 'expires never', status: 201, leaves: [old], events: ['change_tag_expiration'] },
  { state: 'immutable', does: 'expires never', status: 201, leaves: [fixed] },

  { state: 'none', does: 'makes immutable', status: 404, leaves: [] },
  { state: 'alive', does: 'makes immutable', status: 201, leaves: [fixed], events: ['change_tag_immutability'] },
  {
    state: 'alive',
    does: 'makes immutable',
    as: 'bob',
    status: 201,
    leaves: [fixed],
    events: ['change_tag_immutability'],
  },
  { state: 'expiring', does: 'makes immutable', status: 400, leaves: [expiring] },
  { state: 'immutable', does: 'makes immutable', status: 201, leaves: [fixed], events: ['change_tag_immutability'] },

  { state: 'none', does: 'makes mutable', status: 404, leaves: [] },
  { state: 'alive', does: 'makes mutable', as: 'bob', status: 201, leaves: [old], events: ['change_tag_immutability'] },
  { state: 'expiring', does: 'makes mutable', status: 201, leaves: [expiring], events: ['change_tag_immutability'] },
  { state: 'immutable', does: 'makes mutable', status: 201, leaves: [old], events: ['change_tag_immutability'] },
  { state: 'immutable', does: 'makes mutable', as: 'bob', status: 403, leaves: [fixed] },

  {
    state: 'expiring',
    does: 'clears and makes immutable',
    status: 201,
    leaves: [fixed],
    events: ['change_tag_expiration', 'change_tag_immutability'],
  },
  {
    state: 'alive',
    does: 'expires, then moves',
    status: 201,
    leaves: [closed, fresh('B')],
    events: ['change_tag_expiration', 'move_tag'],
  },
  { state: 'none', does: 'expires, then moves', status: 404, leaves: [] },
  { state: 'alive', does: 'makes immutable, then moves', status: 409, leaves: [old] },
  {
    state: 'immutable',
    does: 'makes mutable, then moves',
    status: 201,
    leaves: [[-20_000, 0, 'push', 'A', false], fresh('B')],
    events: ['change_tag_immutability', 'move_tag'],
  },
  { state: 'alive', does: 'nothing', status: 201, leaves: [old] },
  { state: 'none', does: 'nothing', status: 201, leaves: [] },

  { state: 'none', does: 'forgets the live one', status: 404, leaves: [] },
  { state: 'dead', does: 'forgets the live one', status: 404, leaves: [dead] },
  {
    state: 'alive',
    does: 'forgets the live one',
    status: 200,
    leaves: [[-20_000, -windowMs, 'push', 'A', false]],
    events: ['permanently_delete_tag'],
  },
  {
    state: 'expiring',
    does: 'forgets the live one',
    status: 200,
    leaves: [[-20_000, -windowMs, 'push', 'A', false]],
    events: ['permanently_delete_tag'],
  },
  { state: 'immutable', does: 'forgets the live one', status: 404, leaves: [fixed] },
  { state: 'none', does: 'forgets A', status: 404, leaves: [] },
  {
    state: 'dead',
    does: 'forgets A',
    status: 200,
    leaves: [[-20_000, -windowMs - 1, 'push', 'A', false]],
    events: ['permanently_delete_tag'],
  },
  { state: 'alive', does: 'forgets A', status: 404, leaves: [old] },
]

describe('what a name comes to mean', () => {
  it.each(cases)('$state: $as $does → $status', async ({ state, does, as = 'alice', status, leaves, events = [] }) => {
    const { world, A, B, before } = await worldIn(state)
    const generation = await world.generation('acme/app')
    const [method, suffix, body] = acts[does]?.(A, B, world.clock.now.getTime()) ?? ['GET', '']

    const response = await world.as(as).request(method, `${repo}/tag/v1${suffix}`, body)

    expect(response.status, await response.clone().text()).toBe(status)
    expect(await history(world, { A, B })).toEqual(leaves)
    expect((await world.events()).slice(before).map(({ kind }) => kind)).toEqual(events)
    expect((await world.generation('acme/app')) > generation).toBe(
      status < 300 &&
        JSON.stringify(leaves) !==
          JSON.stringify({ none: [], dead: [dead], alive: [old], expiring: [expiring], immutable: [fixed] }[state]),
    )
  })

  it('leaves one live row for a name, and the count of them right', async () => {
    for (const { state, does } of cases.filter(({ status }) => status < 300)) {
      const { world, A, B } = await worldIn(state)
      const [method, suffix, body] = acts[does]?.(A, B, world.clock.now.getTime()) ?? ['GET', '']
      await world.as('alice').request(method, `${repo}/tag/v1${suffix}`, body)
      const [[row], live, open] = await world.store.batch([
        world.store
          .select({ n: sql<number>`(select tag_count from repository where name = 'app')`.as('n') })
          .from(sql`(select 1)`),
        world.store.select().from(tag),
        world.store.select().from(tagRevision).where(sql`ended_at is null`),
      ])
      expect(row?.n).toBe(live.length)
      expect(open.map(({ id }) => id).sort()).toEqual(live.map(({ revisionId }) => revisionId).sort())
    }
  })
})
