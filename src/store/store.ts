import { type Client, createClient, type InArgs } from '@libsql/client/web'
import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import type { BatchItem, BatchResponse } from 'drizzle-orm/batch'
import { drizzle as drizzleD1 } from 'drizzle-orm/d1'
import { drizzle as drizzleLibsql } from 'drizzle-orm/libsql/web'
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'
import { RegistryError } from '../errors.ts'
import { readTogether, type Together } from './readTogether.ts'
import * as schema from './schema.ts'

/** A statement that has not been run: it runs as part of a batch. */
export type Statement = BatchItem<'sqlite'>

/** What a statement yields. */
export type Result<S extends Statement> = S['_']['result']

/** The rows that a tuple of statements yields, in the same order. */
export type Rows<T extends readonly Statement[]> = {
  [K in keyof T]: T[K] extends Statement ? Result<T[K]> : never
}

type Builders = Pick<
  BaseSQLiteDatabase<'async', unknown, typeof schema>,
  'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | '$with' | 'with' | 'run' | 'all'
>

/** Metadata on SQLite: builders of statements, and one way to run them. A batch is one round trip and one transaction. */
export type Store = Builders & {
  /** What texts of statements are built for: they outlive a store that serves one request. */
  readonly engine: object
  batch<const T extends readonly Statement[]>(statements: T): Promise<Rows<T>>
}

/** What runs a statement that yields one row, without the detour that batches make of it. */
type ReadRow = (statement: Together) => Promise<ArrayLike<unknown> | undefined>

/** On Cloudflare D1, through its binding. */
export const d1Store = (database: D1Database): Store =>
  asStore(drizzleD1(database, { schema, casing: 'snake_case' }), database, async ({ stmt, values }) => {
    const [row] = await (stmt as D1PreparedStatement).bind(...values).raw()
    return row
  })

/** On a libSQL server. Make one per request in a Worker: a client's queue must not outlive the request that filled it. */
export const libsqlStore = (url: string, authToken?: string): Store =>
  storeOf(createClient({ url, authToken, concurrency: 1_000_000, intMode: 'number' }), libsqlEngine)

const libsqlEngine = {}

/** On a libSQL client of whatever kind. */
export function storeOf(client: Client, engine: object = client): Store {
  const runBatch = client.batch.bind(client)
  client.batch = (statements) => runBatch(statements, statements.every(reads) ? 'read' : 'write')
  return asStore(drizzleLibsql(client, { schema, casing: 'snake_case' }), engine, async ({ text, values }) => {
    const { rows } = await client.execute({ sql: text, args: values as InArgs })
    return rows[0]
  })
}

const reads = (statement: unknown) => {
  const text = typeof statement === 'string' ? statement : ((statement as { sql?: string }).sql ?? '')
  return /^\s*select\b/i.test(text)
}

function asStore(database: unknown, engine: object, readRow: ReadRow): Store {
  const drizzled = database as Builders & {
    batch<U extends Statement, T extends Readonly<[U, ...U[]]>>(statements: T): Promise<BatchResponse<T>>
  }
  const run = drizzled.batch.bind(drizzled) as (statements: readonly Statement[]) => Promise<unknown[]>
  const store = Object.assign(drizzled, {
    engine,
    async batch(statements: readonly Statement[]): Promise<unknown[]> {
      if (statements.length === 0) return []
      const together = readTogether(store, statements)
      if (!together) return run(statements)
      try {
        const { statement, others, apart } = together
        const [row, ...rest] = others.length > 0 ? await run([statement, ...others]) : [await readRow(together)]
        return apart(row as ArrayLike<unknown>, rest)
      } catch (error) {
        // A value may only be so long (D1: 2 MB), and all the rows of a statement were to be one.
        if (!/too big|too large|TOOBIG/i.test(String(error))) throw error
        return run(statements)
      }
    },
  }) as unknown as Store
  return store
}

/**
 * Fails the whole batch unless the condition holds: what a decision relied on, checked again where it is carried out.
 * SQLite has no "raise" outside triggers; text that is not JSON is an error everywhere.
 */
export const guard = (store: Store, condition: SQL): Statement =>
  store.select({ ok: sql`case when ${condition} then 1 else json('lost race') end`.as('ok') }).from(sql`(select 1)`)

/** Runs a change. A guard that fails, or a unique index that objects, becomes the error `conflict`. */
export async function commit<const T extends readonly Statement[]>(store: Store, statements: T): Promise<Rows<T>> {
  try {
    return await store.batch(statements)
  } catch (error) {
    if (isLostRace(error))
      throw new RegistryError('conflict', 'someone else changed this at the same time', { cause: error })
    throw error
  }
}

const attempts = 5

/** Runs `change` again from a fresh read when a race was lost, a few times. `attempt` counts from 0. */
export async function retrying<T>(change: (attempt: number) => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await change(attempt)
    } catch (error) {
      if (!(error instanceof RegistryError && error.code === 'conflict') || attempt + 1 >= attempts) throw error
    }
  }
}

function isLostRace(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    if (
      /malformed JSON|UNIQUE constraint failed|FOREIGN KEY constraint failed|SQLITE_BUSY|database is locked/i.test(
        e.message,
      )
    )
      return true
  }
  return false
}
