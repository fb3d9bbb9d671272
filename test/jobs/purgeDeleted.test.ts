import { eq, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { collectGarbage } from '../../src/jobs/collectGarbage.ts'
import { purgeDeleted } from '../../src/jobs/purgeDeleted.ts'
import {
  account,
  event,
  manifest,
  repository,
  repositoryGrant,
  tag,
  tagRevision,
  team,
  upload,
} from '../../src/store/schema.ts'
import { pushImage } from '../support/push.ts'
import { createWorld, type World } from '../support/world.ts'

async function filledWorld() {
  const world = await createWorld()
  const digests = [
    await world.image('acme/app', { layers: ['a'], labels: { a: 'b' } }),
    await world.image('acme/app', { layers: ['b'] }),
  ]
  const index = await world.image('acme/app', { children: digests })
  await world.point('acme/app', { one: digests[0] ?? '', two: digests[1] ?? '', all: index })
  world.tick(1000)
  await world.point('acme/app', { one: digests[1] ?? '' })
  return world
}

const markDeleted = ({ store, clock }: World, id: number) =>
  store.batch([store.update(repository).set({ deletedAt: clock.now, name: 'gone' }).where(eq(repository.id, id))])

async function rows({ store }: World, namespaceId: number) {
  const count = sql<number>`count(*)`.as('n')
  const results = await store.batch([
    store.select({ n: count }).from(repository).where(eq(repository.namespaceId, namespaceId)),
    store.select({ n: count }).from(manifest),
    store.select({ n: count }).from(tag),
    store.select({ n: count }).from(tagRevision),
    store.select({ n: count }).from(repositoryGrant),
    store.select({ n: count }).from(team),
    store.select({ n: count }).from(account).where(eq(account.id, namespaceId)),
  ])
  return results.map(([row]) => row?.n)
}

describe('purgeDeleted', () => {
  it('takes away a deleted repository and leaves the others alone', async () => {
    const world = await filledWorld()
    await markDeleted(world, await world.repositoryId('acme/app'))
    await purgeDeleted(world.services)
    expect(await rows(world, world.ids.acme)).toEqual([1, 0, 0, 0, 3, 3, 1])
  })

  it('leaves nothing of it in the blob store', async () => {
    const world = await createWorld()
    const bob = world.as('bob')
    const { digest } = await pushImage(bob, 'acme/app:v1', { annotations: { long: 'x'.repeat(600_000) } })
    const begun = await bob.request('POST', '/v2/acme/app/blobs/uploads/')
    await bob.request('PATCH', begun.headers.get('location') ?? '', 'some bytes')
    const [[long], [started]] = await world.store.batch([
      world.store.select({ key: manifest.contentKey }).from(manifest).where(eq(manifest.digest, digest)),
      world.store.select({ key: upload.tailKey }).from(upload),
    ])
    const keys = [long?.key ?? '', started?.key ?? '']
    expect(await Promise.all(keys.map((key) => world.services.blobs.has(key)))).toEqual([true, true])
    await markDeleted(world, await world.repositoryId('acme/app'))
    await purgeDeleted(world.services)
    await collectGarbage(world.services)
    expect(await Promise.all(keys.map((key) => world.services.blobs.has(key)))).toEqual([false, false])
  })

  it('gets there in steps of any size', async () => {
    const world = await filledWorld()
    await markDeleted(world, await world.repositoryId('acme/app'))
    for (let run = 0; run < 12; run++) await purgeDeleted(world.services, { repositories: 1, namespaces: 1, rows: 1 })
    expect(await rows(world, world.ids.acme)).toEqual([1, 0, 0, 0, 3, 3, 1])
  })

  it('takes away a deleted namespace with all that it owned, and keeps the log', async () => {
    const world = await filledWorld()
    const { store, ids, clock } = world
    await store.batch([
      store.update(account).set({ deletedName: 'acme', username: 'x', enabled: false }).where(eq(account.id, ids.acme)),
      store.insert(event).values({ kind: 'org_delete', namespaceId: ids.acme, at: clock.now, metadata: {} }),
    ])
    for (let run = 0; run < 3; run++) await purgeDeleted(world.services)
    expect(await rows(world, ids.acme)).toEqual([0, 0, 0, 0, 0, 0, 0])
    expect(await world.events()).toHaveLength(1)
  })

  it('touches nothing that is not deleted', async () => {
    const world = await filledWorld()
    const before = await rows(world, world.ids.acme)
    await purgeDeleted(world.services)
    expect(await rows(world, world.ids.acme)).toEqual(before)
  })
})
