import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq, sql } from 'drizzle-orm'
import { afterAll, describe, expect, it } from 'vitest'
import { lease } from '../../src/store/jobs.ts'
import { libsqlFileStore } from '../../src/store/libsqlFile.ts'
import { account, job, repositoryGrant } from '../../src/store/schema.ts'
import { commit, guard, type Store } from '../../src/store/store.ts'

describe('a store on a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'quayside-store-'))
  const migrations = join(import.meta.dirname, '../../drizzle')
  afterAll(() => rmSync(folder, { recursive: true }))
  let files = 0
  const open = (name = `${++files}.db`) => libsqlFileStore(join(folder, name), migrations)

  const at = new Date('2026-01-01T00:00:00.123Z')
  const insert = (store: Store, username: string) =>
    store.insert(account).values({
      username,
      kind: 'user',
      uuid: username,
      email: username,
      swrId: username,
      tagExpirationSeconds: 0,
      createdAt: at,
    })
  const usernames = async (store: Store) =>
    (await store.batch([store.select({ username: account.username }).from(account)]))[0].map(({ username }) => username)

  it('keeps what was written, and reads it back as it was', async () => {
    const store = await open('kept.db')
    const [[row]] = await store.batch([insert(store, 'ann').returning(), insert(store, 'bob')])
    expect(row).toMatchObject({ id: 1, username: 'ann', enabled: true, createdAt: at, metadata: null })
    const again = await open('kept.db')
    expect(await usernames(again)).toEqual(['ann', 'bob'])
  })

  it.each([
    { case: 'a unique index that objects', fails: (store: Store) => insert(store, 'ann') },
    { case: 'a guard that fails', fails: (store: Store) => guard(store, sql`false`) },
  ])('writes a batch whole or not at all: $case', async ({ fails }) => {
    const store = await open()
    await store.batch([insert(store, 'ann')])
    await expect(commit(store, [insert(store, 'bob'), fails(store)])).rejects.toMatchObject({ code: 'conflict' })
    expect(await usernames(store)).toEqual(['ann'])
    // And goes on afterwards.
    await commit(store, [insert(store, 'carl')])
    expect(await usernames(store)).toEqual(['ann', 'carl'])
  })

  it('refuses a row whose parent is not there', async () => {
    const store = await open()
    const orphan = store.insert(repositoryGrant).values({ repositoryId: 99, role: 1 })
    await expect(commit(store, [insert(store, 'ann'), orphan])).rejects.toMatchObject({ code: 'conflict' })
    expect(await usernames(store)).toEqual([])
  })

  it('gives one of many who ask at once what only one may have', async () => {
    const store = await open()
    const asked = Array.from({ length: 20 }, () => lease(store, 'work', at, new Date(at.getTime() + 1000)))
    const given = await Promise.all(asked)
    expect(given.filter((cursor) => cursor !== undefined)).toHaveLength(1)
  })

  it('does not let its log grow, whatever else is read meanwhile', async () => {
    const store = await open('log.db')
    await store.batch([store.insert(job).values({ name: 'work', leasedUntil: at })])
    for (let i = 0; i < 3000; i++) {
      await store.batch([
        store
          .update(job)
          .set({ cursor: `${i} ${'x'.repeat(2000)}` })
          .where(eq(job.name, 'work')),
      ])
      await store.batch([store.select().from(job).limit(1)])
    }
    expect(statSync(join(folder, 'log.db-wal')).size).toBeLessThan(8_000_000)
  })
})
