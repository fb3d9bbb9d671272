import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { carryOut, instantFor, seeTag, tagReads } from '../../src/domain/tag/tagState.ts'
import { collectGarbage } from '../../src/jobs/collectGarbage.ts'
import { blob, garbage, manifest, repository, repositoryBlob, tagRevision, upload } from '../../src/store/schema.ts'
import { createWorld, type World } from '../support/world.ts'

const day = 86_400_000
const fortnight = 14 * day

async function counts({ store }: World) {
  const count = sql<number>`count(*)`.as('n')
  const [manifests, revisions, links, blobs, left] = await store.batch([
    store.select({ n: count }).from(manifest),
    store.select({ n: count }).from(tagRevision),
    store.select({ n: count }).from(repositoryBlob),
    store.select({ n: count }).from(blob),
    store.select({ n: count }).from(garbage),
  ])
  const n = (rows: { n: number }[]) => rows[0]?.n
  return { manifests: n(manifests), revisions: n(revisions), links: n(links), blobs: n(blobs), garbage: n(left) }
}

async function endTag({ store, clock, repositoryId }: World, name: string) {
  const id = await repositoryId('acme/app')
  const seen = seeTag(id, name, await store.batch(tagReads(store, id, name)), clock.now)
  await store.batch(carryOut(store, seen, { ends: {} }, instantFor(seen, clock.now)))
}

describe('collectGarbage', () => {
  it('keeps what a tag means, and what it meant while the time machine reaches', async () => {
    const world = await createWorld()
    const a = await world.image('acme/app', { layers: ['shared', 'a'] })
    const b = await world.image('acme/app', { layers: ['shared', 'b'] })
    await world.point('acme/app', { latest: a })
    world.tick(day)
    await world.point('acme/app', { latest: b })
    world.tick(fortnight - 1000)
    const before = await counts(world)
    await collectGarbage(world.services)
    expect(await counts(world)).toEqual(before)
  })

  it('collects the old meaning once the time machine has passed it, and not what others share with it', async () => {
    const world = await createWorld()
    const a = await world.image('acme/app', { layers: ['shared', 'a'] })
    const b = await world.image('acme/app', { layers: ['shared', 'b'] })
    await world.point('acme/app', { latest: a })
    world.tick(day)
    await world.point('acme/app', { latest: b })
    world.tick(fortnight + 1000)
    await collectGarbage(world.services)
    expect(await counts(world)).toEqual({ manifests: 1, revisions: 1, links: 3, blobs: 3, garbage: 0 })
  })

  it('keeps what came less than the grace period ago, though nothing names it yet', async () => {
    const world = await createWorld()
    await world.image('acme/app', { layers: ['a'] })
    world.tick(day - 1000)
    await collectGarbage(world.services)
    expect(await counts(world)).toMatchObject({ manifests: 1, blobs: 2 })
    world.tick(2000)
    await collectGarbage(world.services)
    expect(await counts(world)).toMatchObject({ manifests: 0, blobs: 0, garbage: 0 })
  })

  it('keeps the children of an index, and collects them after it', async () => {
    const world = await createWorld()
    const child = await world.image('acme/app', { layers: ['a'] })
    const index = await world.image('acme/app', { children: [child] })
    await world.point('acme/app', { latest: index })
    world.tick(2 * fortnight)
    await collectGarbage(world.services)
    expect(await counts(world)).toMatchObject({ manifests: 2, blobs: 2 })
    await endTag(world, 'latest')
    world.tick(fortnight + 1000)
    await collectGarbage(world.services)
    await collectGarbage(world.services)
    expect(await counts(world)).toMatchObject({ manifests: 0, revisions: 0, blobs: 0 })
  })

  it('keeps a blob that another repository holds', async () => {
    const world = await createWorld()
    await world.image('acme/app', { layers: ['a'] })
    const other = await world.image('acme/pub', { layers: ['a'] })
    await world.point('acme/pub', { latest: other })
    world.tick(2 * day)
    await collectGarbage(world.services)
    expect(await counts(world)).toMatchObject({ manifests: 1, links: 2, blobs: 2 })
  })

  it('goes on where it stopped, in bounded steps', async () => {
    const world = await createWorld()
    for (const text of ['a', 'b', 'c', 'd', 'e']) await world.image('acme/app', { layers: [text] })
    world.tick(2 * day)
    const bounds = { repositories: 1, rows: 2, blobs: 3 }
    for (let run = 0; run < 30; run++) await collectGarbage(world.services, bounds)
    expect(await counts(world)).toMatchObject({ manifests: 0, blobs: 0, garbage: 0 })
  })

  it('is done by one at a time', async () => {
    const world = await createWorld()
    const runs = await Promise.all([collectGarbage(world.services), collectGarbage(world.services)])
    expect(runs.filter(Boolean)).toHaveLength(1)
    expect(await collectGarbage(world.services)).toBe(true)
  })

  it('gives up uploads that nobody has gone on with, and deletes the bytes of blobs', async () => {
    const world = await createWorld()
    const { store, services } = world
    await services.blobs.put('blobs/x', new Uint8Array([1]))
    await services.blobs.put('uploads/u.tail.3', new Uint8Array([2]))
    const at = world.clock.now
    await store.batch([
      store.insert(blob).values({ digest: 'sha256:x', sizeBytes: 1, storageKey: 'blobs/x', createdAt: at }),
      store.insert(upload).values({
        id: 'u',
        repositoryId: await world.repositoryId('acme/app'),
        accountId: 1,
        storageKey: 'uploads/u',
        parts: [],
        tailBytes: 1,
        tailKey: 'uploads/u.tail.3',
        version: 3,
        startedAt: at,
        updatedAt: at,
      }),
    ])
    world.tick(day + 1000)
    await collectGarbage(services)
    expect(await services.blobs.get('blobs/x')).toBeUndefined()
    expect(await services.blobs.get('uploads/u.tail.3')).toBeUndefined()
    const [left] = await store.batch([store.select({ id: upload.id }).from(upload)])
    expect(left).toEqual([])
  })

  it('keeps the size of a repository right', async () => {
    const world = await createWorld()
    const { store } = world
    const a = await world.image('acme/app', { layers: ['shared', 'a'] })
    await world.image('acme/app', { layers: ['shared', 'bb'] })
    await world.point('acme/app', { latest: a })
    const needed = sql<number>`(select sum(b.size_bytes) from blob b where b.id in (select m.blob_id from manifest_blob m))`
    const sizes = () =>
      store.batch([
        store
          .select({ kept: repository.sizeBytes, needed: needed.as('needed') })
          .from(repository)
          .where(sql`name = 'app'`),
      ])
    await store.batch([store.update(repository).set({ sizeBytes: needed }).where(sql`name = 'app'`)])
    world.tick(2 * day)
    const [[before]] = await sizes()
    await collectGarbage(world.services)
    const [[after]] = await sizes()
    expect(after?.kept).toBe(after?.needed)
    expect(after?.kept).toBeLessThan(before?.kept ?? 0)
  })
})
