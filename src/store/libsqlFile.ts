import { createClient } from '@libsql/client'
import { drizzle } from 'drizzle-orm/libsql'
import { migrate } from 'drizzle-orm/libsql/migrator'
import { type Store, storeOf } from './store.ts'

/** On a file, under Node: brought to the current schema first. One process at a time. */
export async function libsqlFileStore(file: string, migrations: string): Promise<Store> {
  const client = createClient({ url: `file:${file}`, intMode: 'number', timeout: 5000 } as Parameters<
    typeof createClient
  >[0])
  await client.execute('pragma journal_mode = wal')
  await migrate(drizzle(client), { migrationsFolder: migrations })
  return storeOf(client)
}
