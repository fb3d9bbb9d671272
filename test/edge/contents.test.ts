import { describe, expect, it } from 'vitest'
import { bindings, onLibsql } from '../support/database.ts'
import { pushBlob, pushImage, pushManifest } from '../support/push.ts'
import { createWorld, type Person, type World } from '../support/world.ts'

const text = 'a layer that many pull'

async function createBlob() {
  const world = await createWorld({ settings: { FEATURE_ANONYMOUS_ACCESS: true } })
  const digest = await pushBlob(world.as('bob'), 'acme/app', text)
  const pull = (who: Person | 'nobody', headers: Record<string, string> = {}, repository = 'acme/app') =>
    world.as(who).request('GET', `/v2/${repository}/blobs/${digest}`, undefined, headers)
  return { world, digest, pull }
}

/** Whatever answers now did not ask the bucket. */
async function emptyBucket() {
  const { objects } = await bindings.BLOBS.list({ prefix: 'blobs/' })
  await bindings.BLOBS.delete(objects.map(({ key }) => key))
}

async function pulledOnce() {
  const made = await createBlob()
  expect(await (await made.pull('carol')).text()).toBe(text)
  await made.world.settle()
  await emptyBucket()
  return made
}

describe('a blob that was pulled at this edge', () => {
  it('is not asked of the bucket again, nor are its ranges', async () => {
    const { pull } = await pulledOnce()
    const again = await pull('carol')
    expect([again.status, again.headers.get('content-length'), await again.text()]).toEqual([200, '22', text])
    const part = await pull('carol', { range: 'bytes=2-6' })
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 2-6/22', 'layer'])
    const rest = await pull('carol', { range: 'bytes=18-' })
    expect([rest.status, await rest.text()]).toEqual([206, 'pull'])
  })

  it('comes whole to the edge when a range of it is pulled', async () => {
    const { world, pull } = await createBlob()
    expect(await (await pull('carol', { range: 'bytes=0-0' })).text()).toBe('a')
    await world.settle()
    await emptyBucket()
    expect(await (await pull('carol')).text()).toBe(text)
  })

  it('goes to nobody who may not have it', async () => {
    const { world, pull } = await pulledOnce()
    expect((await pull('dave')).status).toBe(403)
    expect((await pull('nobody')).status).toBe(401)
    // Whoever may read another repository does not find it there.
    expect((await pull('carol', {}, 'acme/pub')).status).toBe(404)
    await world.as('alice').request('DELETE', '/api/v1/organization/acme/team/readers/members/carol')
    expect((await pull('carol')).status).toBe(403)
  })

  it('is gone once it is deleted', async () => {
    const { world, digest, pull } = await pulledOnce()
    expect((await world.as('alice').request('DELETE', `/v2/acme/app/blobs/${digest}`)).status).toBe(202)
    expect((await pull('carol')).status).toBe(404)
  })
})

it('comes as it is when it is empty', async () => {
  const world = await createWorld()
  const digest = await pushBlob(world.as('bob'), 'acme/app', '')
  const pull = async () => {
    const answer = await world.as('carol').request('GET', `/v2/acme/app/blobs/${digest}`)
    await world.settle()
    return [answer.status, answer.headers.get('content-length'), (await answer.arrayBuffer()).byteLength]
  }
  expect([await pull(), await pull()]).toEqual([
    [200, '0', 0],
    [200, '0', 0],
  ])
})

it('keeps nothing at the edge that nobody has pulled', async () => {
  const { world, pull } = await createBlob()
  await world.settle()
  await emptyBucket()
  // The bucket has lost what the store knows: a fault of ours, and told as one.
  expect((await pull('carol')).status).toBe(500)
})

async function createManifest() {
  const world = await createWorld({ settings: { EDGE_TTL_SECONDS: 5 } })
  const pushed = await pushImage(world.as('bob'), 'acme/app:latest')
  const kept: string[] = []
  const { put } = world.services.edge
  world.services.edge.put = (key, ...rest) => {
    if (key.startsWith('answer ')) kept.push(key)
    return put(key, ...rest)
  }
  const pull = async (who: Person, reference = pushed.digest) => {
    // What is read in the very millisecond of a write is not kept.
    world.tick(1)
    world.meter.reset()
    const { status } = await world.as(who).request('HEAD', `/v2/acme/app/manifests/${reference}`)
    const { roundTrips } = world.meter
    await world.settle()
    return { status, roundTrips }
  }
  const changeSomethingElse = async (w: World) => {
    const path = '/api/v1/repository/acme/app/tag/other'
    await w.as('bob').request('PUT', path, { manifest_digest: pushed.digest })
  }
  return { world, ...pushed, kept, pull, changeSomethingElse }
}

describe('a manifest by its digest', () => {
  it('stays at the edge when the repository changes: only whether it is still there is asked again', async () => {
    const { world, kept, pull, changeSomethingElse } = await createManifest()
    expect(await pull('carol')).toEqual({ status: 200, roundTrips: 1 })
    expect(await pull('carol')).toEqual({ status: 200, roundTrips: 0 })
    await changeSomethingElse(world)
    expect(await pull('carol')).toEqual({ status: 200, roundTrips: 1 })
    expect(await pull('carol')).toEqual({ status: 200, roundTrips: 0 })
    expect(kept).toHaveLength(1)
    // By its tag it may be another one each time.
    await pull('carol', 'latest')
    await changeSomethingElse(world)
    await pull('carol', 'latest')
    expect(kept).toHaveLength(3)
  })

  it('is gone when it is deleted, and there when it comes back', async () => {
    const { world, digest, text, pull } = await createManifest()
    await pull('carol')
    await world.as('alice').request('DELETE', `/v2/acme/app/manifests/${digest}`)
    expect(await pull('carol')).toEqual({ status: 404, roundTrips: 1 })
    expect((await pull('carol')).status).toBe(404)
    await pushManifest(world.as('bob'), 'acme/app', '', text)
    expect((await pull('carol')).status).toBe(200)
  })

  it('is not taken for present elsewhere because something else was asked of the new version', async () => {
    const { world, digest } = await createManifest()
    const far = world.elsewhere()
    const pull = async () => (await far('carol').request('HEAD', `/v2/acme/app/manifests/${digest}`)).status
    world.tick(1)
    expect(await pull()).toBe(200)
    await world.settle()
    await world.as('alice').request('DELETE', `/v2/acme/app/manifests/${digest}`)
    world.tick(4000)
    expect(await pull()).toBe(200)
    expect((await far('carol').request('GET', '/v2/acme/app/tags/list')).status).toBe(200)
    await world.settle()
    world.tick(1000)
    expect(await pull()).toBe(404)
  })

  it('is asked for by each caller in turn', async () => {
    const { world, pull } = await createManifest()
    await pull('carol')
    expect((await pull('dave')).status).toBe(403)
    expect(await pull('bob')).toEqual({ status: 200, roundTrips: 1 })
    await world.as('alice').request('DELETE', '/api/v1/organization/acme/team/readers/members/carol')
    world.tick(5000)
    expect((await pull('carol')).status).toBe(403)
  })

  it.runIf(!onLibsql)('reads no row when it is known', async () => {
    const { world, pull } = await createManifest()
    await pull('carol')
    await pull('carol')
    expect(world.meter.rowsRead).toBe(0)
  })
})
