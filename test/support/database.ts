import { env } from 'cloudflare:test'
import { getTableName, is, sql } from 'drizzle-orm'
import { SQLiteTable } from 'drizzle-orm/sqlite-core'
import * as schema from '../../src/store/schema.ts'
import { d1Store, libsqlStore, type Store } from '../../src/store/store.ts'

/** What the store was asked since the last `reset`: one round trip a batch. */
export interface Meter {
  roundTrips: number
  statements: number
  rowsRead: number
  rowsWritten: number
  /** The SQL of each statement, for a test that fails. */
  log: string[]
  reset(): void
}

interface Bindings {
  DB: D1Database
  BLOBS: R2Bucket
  TEST_MIGRATIONS: { name: string; queries: string[] }[]
  TEST_LIBSQL_URL: string
}
export const bindings = env as unknown as Bindings
export const onLibsql = bindings.TEST_LIBSQL_URL !== ''

const tables = Object.values(schema)
  .filter((value) => is(value, SQLiteTable))
  .map((table) => getTableName(table))

let migrated = false

/** An empty database with the current schema: a test's own, for as long as the test runs. */
export async function emptyDatabase(): Promise<{ store: Store; meter: Meter }> {
  const meter = createMeter()
  const store = onLibsql
    ? counted(libsqlStore(bindings.TEST_LIBSQL_URL, undefined), meter)
    : d1Store(metered(bindings.DB, meter))
  if (!migrated) await migrate(store)
  migrated = true
  await store.batch([
    store.run(sql`pragma defer_foreign_keys = on`),
    ...tables.map((name) => store.run(sql.raw(`delete from ${name}`))),
    store.run(sql`delete from sqlite_sequence`),
  ])
  meter.reset()
  return { store, meter }
}

async function migrate(store: Store) {
  const existing = (await store.batch([
    store.all(sql`select name from sqlite_master where type = 'table'`),
  ])) as unknown as { name: string }[][]
  const names = new Set(existing[0]?.map(({ name }) => name))
  if (tables.every((name) => names.has(name))) return
  await store.batch([
    store.run(sql`pragma defer_foreign_keys = on`),
    ...tables.filter((name) => names.has(name)).map((name) => store.run(sql.raw(`drop table ${name}`))),
  ])
  for (const { queries } of bindings.TEST_MIGRATIONS)
    await store.batch(queries.map((query) => store.run(sql.raw(query))))
}

function createMeter(): Meter {
  return {
    roundTrips: 0,
    statements: 0,
    rowsRead: 0,
    rowsWritten: 0,
    log: [],
    reset() {
      Object.assign(this, { roundTrips: 0, statements: 0, rowsRead: 0, rowsWritten: 0, log: [] })
    },
  }
}

/** The same store, with its batches counted. A libSQL server does not tell how many rows it read. */
function counted(store: Store, meter: Meter): Store {
  const batch = store.batch.bind(store) as (statements: readonly unknown[]) => Promise<unknown>
  const count = (statements: readonly unknown[]) => {
    if (statements.length > 0) meter.roundTrips++
    meter.statements += statements.length
    return batch(statements)
  }
  return Object.assign(store, { batch: count as Store['batch'] })
}

/** What Cloudflare allows a value, and local D1 does not mind. */
const valueBytesMax = 2_000_000

/** The same database, with its answers' own figures added up, and Cloudflare's limit of a value. */
function metered(database: D1Database, meter: Meter): D1Database {
  const texts = new WeakMap<D1PreparedStatement, string>()
  const batch = async <T>(statements: D1PreparedStatement[]) => {
    meter.roundTrips++
    meter.statements += statements.length
    for (const statement of statements) meter.log.push(texts.get(statement) ?? '?')
    const answers = await database.batch<T>(statements)
    for (const { meta, results } of answers) {
      meter.rowsRead += meta.rows_read
      meter.rowsWritten += meta.rows_written
      const values = results.flatMap((row) => Object.values(row as Record<string, unknown>))
      if (values.some((value) => typeof value === 'string' && value.length > valueBytesMax)) {
        throw new Error('D1_ERROR: string or blob too big: SQLITE_TOOBIG')
      }
    }
    return answers
  }
  const watch = (statement: D1PreparedStatement, text: string): D1PreparedStatement => {
    texts.set(statement, text)
    const { bind } = statement
    // Rows that are arrays come without figures.
    const raw = async () => (await batch([statement]))[0]?.results.map((row) => Object.values(row as object))
    return Object.assign(statement, {
      bind: (...values: unknown[]) => watch(bind.apply(statement, values), text),
      raw,
    })
  }
  return { prepare: (text: string) => watch(database.prepare(text), text), batch } as unknown as D1Database
}
