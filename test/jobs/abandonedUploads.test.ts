import { describe, expect, it } from 'vitest'
import type { BlobStore } from '../../src/blobs/blobStore.ts'
import { collectGarbage } from '../../src/jobs/collectGarbage.ts'
import { upload } from '../../src/store/schema.ts'
import { bindings } from '../support/database.ts'
import { basic, bytesOf } from '../support/push.ts'
import { digestOf } from '../support/seedImage.ts'
import { createWorld, password, type World } from '../support/world.ts'

const MiB = 1024 * 1024
const hour = 3_600_000
const uploads = '/v2/acme/app/blobs/uploads/'

/** What the simulated bucket holds of an upload: the remainder, and the whole. */
const keysOf = async ({ storageKey }: { storageKey: string }) =>
  (await bindings.BLOBS.list({ prefix: storageKey })).objects.map(({ key }) => key)

/** An upload of so many bytes that nobody goes on with, and what the store says of it. */
async function begin(world: World, ...chunks: Uint8Array[]) {
  const bob = world.client(basic('bob', password))
  const begun = await bob.request('POST', uploads)
  const location = begun.headers.get('location') ?? ''
  for (const chunk of chunks) expect((await bob.request('PATCH', location, chunk)).status).toBe(202)
  await world.settle()
  const [rows] = await world.store.batch([world.store.select().from(upload)])
  const row = rows.find(({ id }) => location.endsWith(id))
  if (!row) throw new Error('no upload')
  return { bob, location, row }
}

/** Whether the bucket still keeps parts for this upload. */
const isOpen = (key: string, multipartId: string) =>
  bindings.BLOBS.resumeMultipartUpload(key, multipartId)
    .uploadPart(100, new Uint8Array(1))
    .then(
      () => true,
      (error: Error) => {
        expect(error.message).toContain('(10024)')
        return false
      },
    )

describe('an upload that nobody goes on with', () => {
  it('leaves nothing in the bucket after the grace period: no parts, no remainder', async () => {
    const world = await createWorld()
    const { bob, location, row } = await begin(world, new Uint8Array(9 * MiB), new Uint8Array(3))
    const { storageKey, multipartId, parts } = row
    expect([parts.length, (await keysOf(row)).length]).toEqual([1, 1])
    expect(await isOpen(storageKey, multipartId ?? '')).toBe(true)

    world.tick(25 * hour)
    for (let i = 0; i < 2; i++) await collectGarbage(world.services)
    await world.settle()
    expect(await keysOf(row)).toEqual([])
    expect(await isOpen(storageKey, multipartId ?? '')).toBe(false)
    for (const method of ['GET', 'PATCH', 'PUT', 'DELETE']) {
      const digest = await digestOf(new Uint8Array(1))
      const body = method === 'PATCH' ? new Uint8Array(1) : undefined
      expect((await bob.request(method, `${location}?digest=${digest}`, body)).status).toBe(404)
    }
  })

  it('is kept for as long as its client goes on within the grace period', async () => {
    const world = await createWorld()
    const { bob, location } = await begin(world, new Uint8Array(9 * MiB))
    for (let i = 0; i < 3; i++) {
      world.tick(20 * hour)
      await collectGarbage(world.services)
      expect((await bob.request('PATCH', location, new Uint8Array(1))).status).toBe(202)
      await world.settle()
    }
    const digest = await digestOf(new Uint8Array(9 * MiB + 3))
    expect((await bob.request('PUT', `${location}?digest=${digest}`)).status).toBe(201)
    const blob = await bob.request('GET', `/v2/acme/app/blobs/${digest}`)
    expect(await digestOf(new Uint8Array(await blob.arrayBuffer()))).toBe(digest)
  })

  it('leaves no object either where the bucket had made one of it, and its row did not come to say so', async () => {
    const world = await createWorld()
    const { row } = await begin(world, new Uint8Array(16 * MiB))
    const { storageKey, multipartId, parts } = row
    await bindings.BLOBS.resumeMultipartUpload(storageKey, multipartId ?? '').complete(parts)
    expect(await keysOf(row)).toEqual([storageKey])
    world.tick(25 * hour)
    for (let i = 0; i < 2; i++) await collectGarbage(world.services)
    expect(await keysOf(row)).toEqual([])
  })

  it('is one of many, and they go in steps', async () => {
    const world = await createWorld()
    const begun: Awaited<ReturnType<typeof begin>>[] = []
    for (let i = 0; i < 5; i++) begun.push(await begin(world, bytesOf(`upload ${i}`)))
    const count = async () => (await world.store.batch([world.store.select({ id: upload.id }).from(upload)]))[0].length
    world.tick(25 * hour)
    const left: number[] = []
    for (let i = 0; i < 4; i++) {
      await collectGarbage(world.services, { repositories: 50, rows: 2, blobs: 50 })
      left.push(await count())
    }
    expect(left).toEqual([3, 1, 0, 0])
    for (let i = 0; i < 3; i++) await collectGarbage(world.services)
    for (const { row } of begun) expect(await keysOf(row)).toEqual([])
  })
})

describe('an upload that fails in the middle of a request', () => {
  it.each([
    { case: 'a body that is shorter than it says', headers: { 'content-length': String(40 * MiB) }, parts: 2 },
    { case: 'a body that is longer than its range', headers: { 'content-range': '0-0' }, parts: 0 },
  ])('leaves no parts behind: $case', async ({ headers, parts }) => {
    const world = await createWorld()
    const put: { key: string; id: string }[] = []
    const blobs: BlobStore = {
      ...world.services.blobs,
      putPart: (key, id, partNumber, bytes) => {
        put.push({ key, id })
        return world.services.blobs.putPart(key, id, partNumber, bytes)
      },
    }
    const { location, row } = await begin(world)
    const bob = world.client(basic('bob', password), { ...world.services, blobs })
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(17 * MiB))
        controller.close()
      },
    })
    const refused = await bob.request('PATCH', location, body, headers as unknown as Record<string, string>)
    expect([refused.status, put.length]).toEqual([400, parts])
    await world.settle()
    for (const { key, id } of put) expect(await isOpen(key, id)).toBe(false)
    expect(await keysOf(row)).toEqual([])
    expect((await bob.request('GET', location)).headers.get('range')).toBe('0-0')
  })
})
