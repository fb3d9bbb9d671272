import { and, eq, type SQL, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import type { RowId } from '../../src/store/columns.ts'
import { piece, reusable, textOf } from '../../src/store/reusable.ts'
import { account } from '../../src/store/schema.ts'
import { emptyDatabase } from '../support/database.ts'

const idNamed = (username: string): SQL<number> =>
  piece('named', { username }, (v) => sql`(select id from account where username = ${v.username})`)

/** Counts how often its text is built. */
function counted() {
  const built = { times: 0 }
  const find = reusable(
    (id: RowId, kind: 'user' | 'robot' | undefined, since: Date, enabled: boolean) => ({ id, kind, since, enabled }),
    (store, { id, kind, since, enabled }) => {
      built.times++
      return store
        .select({ name: account.username, at: account.createdAt, enabled: account.enabled })
        .from(account)
        .where(
          and(
            eq(account.id, id),
            kind && eq(account.kind, kind),
            sql`${account.createdAt} >= ${since}`,
            eq(account.enabled, enabled),
          ),
        )
    },
  )
  return { built, find }
}

const early = new Date('2026-01-01T00:00:00Z')
const late = new Date('2026-06-01T00:00:00Z')

async function createStore() {
  const { store } = await emptyDatabase()
  const row = (username: string, kind: 'user' | 'robot', createdAt: Date) =>
    ({ username, kind, createdAt, uuid: username, email: username, swrId: username, tagExpirationSeconds: 0 }) as const
  await store.batch([
    store.insert(account).values(row('ann', 'user', early)),
    store.insert(account).values(row('bot', 'robot', late)),
  ])
  return store
}

describe('a reusable statement', () => {
  it('is built once for each shape, and filled anew each time', async () => {
    const store = await createStore()
    const { built, find } = counted()
    const ask = async (...values: [RowId, 'user' | 'robot' | undefined, Date, boolean]) =>
      (await store.batch([find(store, ...values)]))[0]
    expect(await ask(1, undefined, early, true)).toEqual([{ name: 'ann', at: early, enabled: true }])
    expect(await ask(2, undefined, early, true)).toEqual([{ name: 'bot', at: late, enabled: true }])
    expect(await ask(1, undefined, late, true)).toEqual([])
    expect(built.times).toBe(1)
    expect(await ask(2, 'robot', early, true)).toEqual([{ name: 'bot', at: late, enabled: true }])
    expect(await ask(2, 'user', early, true)).toEqual([])
    expect(built.times).toBe(2)
    expect(await ask(1, undefined, early, false)).toEqual([])
    expect(built.times).toBe(3)
  })

  it('takes pieces of SQL with their values', async () => {
    const store = await createStore()
    const { built, find } = counted()
    for (const [name, kind] of [
      ['ann', 'user'],
      ['bot', 'robot'],
    ] as const) {
      const [rows] = await store.batch([find(store, idNamed(name), kind, early, true)])
      expect(rows.map((row) => row.name)).toEqual([name])
    }
    expect(built.times).toBe(1)
  })

  it('takes other SQL too, and is then built each time', async () => {
    const store = await createStore()
    const { built, find } = counted()
    for (const id of [1, 2]) {
      const [rows] = await store.batch([find(store, sql<number>`${id} + 0`, undefined, early, true)])
      expect(rows.map((row) => row.name)).toEqual([['ann', 'bot'][id - 1]])
    }
    expect(built.times).toBe(2)
  })

  it('keeps every value out of its text', async () => {
    const store = await createStore()
    const { text, values } = textOf(counted().find(store, idNamed("x'; drop"), 'user', late, true))
    expect(text).not.toContain('drop')
    expect(values).toEqual(["x'; drop", 'user', late.getTime(), 1])
  })
})
