import { desc, eq, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { numeral, reusable } from '../../src/store/reusable.ts'
import { account } from '../../src/store/schema.ts'
import type { Statement, Store } from '../../src/store/store.ts'
import { emptyDatabase, onLibsql } from '../support/database.ts'

const base = reusable(
  (username: string) => ({ username }),
  (store, { username }) =>
    store
      .select({ id: account.id, name: account.username })
      .from(sql`(select 1)`)
      .leftJoin(account, eq(account.username, username)),
  { yieldsOneRow: true },
)

/** Whole rows: more columns than a function of SQL takes arguments, dates, flags and JSON among them. */
const accounts = reusable(
  (limit: number) => ({ limit: numeral(limit) }),
  (store, { limit }) =>
    store
      .select({
        account,
        again: sql<number>`${account.id} + 1`.as('again'),
        list: sql<string>`json_array(${account.id}, 'two')`.as('list'),
        three: sql<null>`null`.as('three'),
        four: sql<string>`'[4]'`.as('four'),
        five: sql<string>`'say "5"'`.as('five'),
        six: sql<number>`6.5`.as('six'),
      })
      .from(account)
      .orderBy(desc(account.id))
      .limit(limit),
)

const named = reusable(
  (...usernames: string[]) => Object.fromEntries(usernames.entries()) as Record<string, string>,
  (store, usernames) =>
    store
      .select({ id: account.id })
      .from(account)
      .where(sql`${account.username} in (${sql.join(Object.values(usernames), sql`, `)})`),
)

async function createStore(count: number, description: string) {
  const { store, meter } = await emptyDatabase()
  const row = (i: number) =>
    ({
      kind: 'user',
      username: `user${i}`,
      uuid: `${i}`,
      email: `${i}`,
      swrId: `${i}`,
      tagExpirationSeconds: 0,
      description: description.slice(i),
      metadata: { colour: `"${i}"`, nested: [i, null] },
      createdAt: new Date(1000 * i),
    }) as const
  await store.batch(Array.from({ length: count }, (_, i) => store.insert(account).values(row(i))))
  meter.reset()
  return { store, meter }
}

/** What JSON writes in a way of its own, and what tempts to cut a text short. */
const oddText = '"\\\u0000\u0001\t\n\u007f\u2028é😀</script>'

/** One round trip of so many statements, which are counted where D1 gets them. */
const asked = (statements: number) => ({ roundTrips: 1, ...(!onLibsql && { statements }) })

/** The same statements, each a batch of its own. */
const apart = (store: Store, statements: Statement[]) =>
  Promise.all(statements.map(async (statement) => (await store.batch([named(store, ''), statement]))[1]))

describe('reads beside a statement that yields one row', () => {
  it('are one statement with it, and yield what they yield alone', async () => {
    const { store, meter } = await createStore(5, oddText)
    const along = () => [accounts(store, 3), named(store, 'nobody'), accounts(store, 0), named(store, 'user4')]
    const [found, ...rows] = (await store.batch([base(store, 'user2'), ...along()])) as unknown as unknown[][]
    expect(meter).toMatchObject(asked(1))
    expect(found).toEqual([{ id: 3, name: 'user2' }])
    expect(rows).toEqual(await apart(store, along()))
    expect(rows.map(({ length }) => length)).toEqual([3, 0, 0, 1])
    expect(rows[0]?.[0]).toMatchObject({
      account: { username: 'user4', metadata: { colour: '"4"', nested: [4, null] }, createdAt: new Date(4000) },
      list: '[5,"two"]',
      four: '[4]',
      five: 'say "5"',
      six: 6.5,
    })
  })

  it('are read where the one row names nothing', async () => {
    const { store } = await createStore(1, '')
    expect(await store.batch([base(store, 'nobody'), named(store, 'user0')])).toEqual([
      [{ id: null, name: null }],
      [{ id: 1 }],
    ])
  })

  it('stay statements of their own where D1 takes no more parameters, and where drizzle builds them anew', async () => {
    const { store, meter } = await createStore(3, '')
    const many = Array.from({ length: 60 }, (_, i) => `user${i}`) as [string, ...string[]]
    const anew = store.select({ id: account.id }).from(account).where(eq(account.username, 'user1'))
    const rows = await store.batch([base(store, 'user1'), named(store, ...many), named(store, ...many), anew])
    const all = [{ id: 1 }, { id: 2 }, { id: 3 }]
    expect(rows).toEqual([[{ id: 2, name: 'user1' }], all, all, [{ id: 2 }]])
    expect(meter).toMatchObject(asked(3))
  })

  it('are read on their own where they are too long for one value', async () => {
    const { store } = await createStore(50, 'x'.repeat(60_000))
    const [, rows] = await store.batch([base(store, 'user1'), accounts(store, 50)])
    expect(rows).toHaveLength(50)
    expect(rows[49]?.account.description).toHaveLength(60_000)
  })
})
