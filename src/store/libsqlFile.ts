import { createClient } from '@libsql/client'
import type { Client, InStatement, ResultSet } from '@libsql/client/web'
import { drizzle } from 'drizzle-orm/libsql'
import { migrate } from 'drizzle-orm/libsql/migrator'
import Database from 'libsql'
import { recent } from '../recent.ts'
import { type Store, storeOf } from './store.ts'

/** How long a statement waits for another process to end its transaction. */
const busyMilliseconds = 5000
const statementsMax = 500

/** On a file, under Node: brought to the current schema first. One process at a time. */
export async function libsqlFileStore(file: string, migrations: string): Promise<Store> {
  const migrating = createClient({ url: `file:${file}`, timeout: busyMilliseconds } as Parameters<
    typeof createClient
  >[0])
  await migrating.execute('pragma journal_mode = wal')
  await migrate(drizzle(migrating), { migrationsFolder: migrations })
  migrating.close()
  return storeOf(fileClient(file) as Client)
}

/**
 * What a store needs of a client, on one connection. The client that comes with libSQL compiles each statement anew and
 * builds an object with names for each row, which takes it longer than the database needs for the answer.
 */
function fileClient(file: string): Pick<Client, 'execute' | 'batch'> {
  const database = new Database(file, { timeout: busyMilliseconds })
  database.exec('pragma foreign_keys = on')
  const rowsOf = recent((text) => {
    const statement = database.prepare(text)
    if (!statement.reader) return (values: unknown[]) => void statement.run(values)
    statement.raw()
    return (values: unknown[]) => statement.all(values)
  }, statementsMax)
  const run = (statement: InStatement) => {
    const { sql, args } = statement as { sql: string; args: unknown[] }
    return { rows: rowsOf(sql)(args) ?? [] } as unknown as ResultSet
  }
  return {
    execute: async (statement: InStatement) => run(statement),
    async batch(statements, mode) {
      database.exec(mode === 'write' ? 'begin immediate' : 'begin')
      try {
        const answers = (statements as InStatement[]).map(run)
        database.exec('commit')
        return answers
      } catch (error) {
        if (database.inTransaction) database.exec('rollback')
        throw error
      }
    },
  }
}
