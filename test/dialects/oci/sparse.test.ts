import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { collectGarbage } from '../../../src/jobs/collectGarbage.ts'
import { absentBlob, manifest, repository } from '../../../src/store/schema.ts'
import { basic, bytesOf, errorCode, pushBlob, pushIndex, pushManifest, types } from '../../support/push.ts'
import { digestOf } from '../../support/seedImage.ts'
import { createWorld, password, type World } from '../../support/world.ts'

const at = (reference: string) => `/v2/acme/app/manifests/${reference}`

async function rowOf({ store }: World, digest: string) {
  const [[row]] = await store.batch([store.select().from(manifest).where(eq(manifest.digest, digest))])
  return row
}

async function sizeOf({ store }: World) {
  const [[row]] = await store.batch([store.select().from(repository).where(eq(repository.name, 'app'))])
  return row?.sizeBytes
}

describe('an image without all of its layers', () => {
  const absent = 'the layer that comes later'

  async function pushSparse(world: World, tag = 'v1') {
    const bob = world.as('bob')
    const config = await pushBlob(bob, 'acme/app', '{}')
    const here = await pushBlob(bob, 'acme/app', 'here')
    const layer = (digest: string, text: string) => ({ mediaType: types.layer, digest, size: text.length })
    const missing = await digestOf(bytesOf(absent))
    const image = await pushManifest(bob, 'acme/app', tag, {
      schemaVersion: 2,
      mediaType: types.image,
      config: { mediaType: types.config, digest: config, size: 2 },
      layers: [layer(here, 'here'), layer(missing, absent)],
    })
    return { ...image, missing, here }
  }
  it('is refused, and its config never may be missing', async () => {
    const world = await createWorld()
    const { response } = await pushSparse(world)
    expect([response.status, await errorCode(response)]).toEqual([400, 'MANIFEST_BLOB_UNKNOWN'])
    const lenient = await createWorld({ settings: { FEATURE_SPARSE_IMAGE: 'true' } })
    const config = { mediaType: types.config, digest: `sha256:${'0'.repeat(64)}`, size: 2 }
    const bare = { schemaVersion: 2, mediaType: types.image, config, layers: [] }
    const refused = await pushManifest(lenient.as('bob'), 'acme/app', 'v1', bare)
    expect([refused.response.status, await errorCode(refused.response)]).toEqual([400, 'MANIFEST_BLOB_UNKNOWN'])
  })

  it.each(['an upload', 'a mount'])('may be here where that is allowed, and gets what %s brings', async (way) => {
    const world = await createWorld({ settings: { FEATURE_SPARSE_IMAGE: 'true' } })
    const bob = world.client(basic('bob', password))
    const { response, digest, missing } = await pushSparse(world)
    expect(response.status, await response.text()).toBe(201)
    expect((await bob.request('GET', at('v1'))).status).toBe(200)
    expect((await bob.request('HEAD', `/v2/acme/app/blobs/${missing}`)).status).toBe(404)
    const index = await pushIndex(bob, 'acme/app:multi', [await pushSparse(world, 'v2')])
    expect([await sizeOf(world), (await rowOf(world, index.digest))?.contentSizeBytes]).toEqual([6, 6])

    if (way === 'a mount') await pushBlob(bob, 'acme/pub', absent)
    const path = '/v2/acme/app/blobs/uploads/?'
    const brought = await (way === 'a mount'
      ? bob.request('POST', `${path}mount=${missing}&from=acme/pub`)
      : bob.request('POST', `${path}digest=${missing}`, bytesOf(absent)))
    expect(brought.status).toBe(201)
    expect([await sizeOf(world), (await rowOf(world, index.digest))?.contentSizeBytes]).toEqual([32, 32])
    world.tick(7 * 86_400_000)
    await collectGarbage(world.services)
    expect((await bob.request('GET', `/v2/acme/app/blobs/${missing}`)).status).toBe(200)
    expect((await bob.request('DELETE', `/v2/acme/app/blobs/${missing}`)).status).toBe(405)

    for (const reference of [index.digest, digest]) await bob.request('DELETE', at(reference))
    world.tick(21 * 86_400_000)
    for (let i = 0; i < 3; i++) await collectGarbage(world.services)
    expect([await sizeOf(world), await rowOf(world, digest)]).toEqual([0, undefined])
  })

  it('goes like any other, though nothing came', async () => {
    const world = await createWorld({ settings: { FEATURE_SPARSE_IMAGE: 'true' } })
    const { digest } = await pushSparse(world)
    await world.as('bob').request('DELETE', at(digest))
    world.tick(21 * 86_400_000)
    for (let i = 0; i < 3; i++) await collectGarbage(world.services)
    const [left] = await world.store.batch([world.store.select().from(absentBlob)])
    expect([await rowOf(world, digest), left, await sizeOf(world)]).toEqual([undefined, [], 0])
  })
})
