import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { collectGarbage } from '../../src/jobs/collectGarbage.ts'
import { account, blob, garbage, manifest } from '../../src/store/schema.ts'
import type { Store } from '../../src/store/store.ts'
import { bytesOf, errorCode, pushImage, pushIndex, pushManifest, types } from '../support/push.ts'
import { seededRandom } from '../support/random.ts'
import { digestOf } from '../support/seedImage.ts'
import { type Client, createWorld, type World } from '../support/world.ts'

const graceSeconds = 1
const rounds = 4
const repositories = ['acme/app', 'acme/pub']

/** A registry that forgets at once, and whose clock jumps with each collection: what is not held is soon gone. */
async function forgetfulWorld() {
  const world = await createWorld({ settings: { GARBAGE_GRACE_SECONDS: graceSeconds } })
  await world.store.batch([world.store.update(account).set({ tagExpirationSeconds: 0 })])
  return world
}

describe('a collection', () => {
  it('takes nothing that is tagged, while eight clients push, mount, delete and push again', async () => {
    const world = await forgetfulWorld()
    let isPushing = true
    let collections = 0
    const collecting = (async () => {
      for (; isPushing; collections++) {
        world.tick(500)
        await collectGarbage(world.services)
      }
    })()
    const pushers = Array.from({ length: 8 }, (_, i) => new Pusher(world.as(i % 2 ? 'alice' : 'bob'), i))
    await Promise.all(pushers.map((pusher) => pusher.work())).finally(() => {
      isPushing = false
    })
    await collecting
    expect(collections).toBeGreaterThan(10)
    expect(pushers.reduce((sum, { counts }) => sum + counts.deletions, 0)).toBeGreaterThan(5)
    for (let run = 0; run < 4; run++) {
      world.tick(1000 * (graceSeconds + 1))
      await collectGarbage(world.services)
    }
    for (const pusher of pushers) await pusher.pullAll()
    expect(await left(world)).toEqual({ unneeded: 0, garbage: 0 })
  }, 60_000)

  it.each([
    { case: 'pushed again', push: pushAgain },
    { case: 'tagged again', push: tagAgain },
    { case: 'put into an index', push: indexAgain },
    { case: 'mounted', push: mountAgain },
  ])('takes nothing that is $case between any two of its steps, if that was acknowledged', async ({ push }) => {
    let acknowledged = 0
    for (let steps = 0, isOver = false; !isOver; steps++) {
      const world = await forgetfulWorld()
      await pushImage(world.as('bob'), 'acme/app:old')
      await world.arrange('bob', 'DELETE /v2/acme/app/manifests/old')
      world.tick(1000 * (graceSeconds + 1))
      let left = steps
      let check: (() => Promise<void>) | undefined
      const batch: Store['batch'] = async (statements) => {
        if (left-- === 0) check = await push(world)
        return world.store.batch(statements)
      }
      await collectGarbage({ ...world.services, store: Object.assign(Object.create(world.store), { batch }) })
      isOver = left >= 0
      if (check) acknowledged++
      await check?.()
      await collectGarbage(world.services)
      await check?.()
    }
    expect(acknowledged).toBeGreaterThan(3)
  })
})

/** What the store keeps though nothing needs it. */
async function left({ store }: World) {
  const [[blobs], [manifests], [rest]] = await store.batch([
    store
      .select({ n: sql<number>`count(*)`.as('n') })
      .from(blob)
      .where(sql`id not in (select blob_id from manifest_blob)`),
    store
      .select({ n: sql<number>`count(*)`.as('n') })
      .from(manifest)
      .where(
        sql`id not in (select manifest_id from tag) and digest not in (select child_digest from manifest_child c where c.repository_id = manifest.repository_id)`,
      ),
    store.select({ n: sql<number>`count(*)`.as('n') }).from(garbage),
  ])
  return { unneeded: (blobs?.n ?? 0) + (manifests?.n ?? 0), garbage: rest?.n }
}

const image = { layers: ['layer'] }

async function pullsWhole(client: Client, repository: string, reference: string): Promise<void> {
  const manifest = await client.request('GET', `/v2/${repository}/manifests/${reference}`)
  expect(manifest.status).toBe(200)
  const { config, layers, manifests } = (await manifest.json()) as {
    config?: { digest: string }
    layers?: { digest: string }[]
    manifests?: { digest: string }[]
  }
  for (const child of manifests ?? []) await pullsWhole(client, repository, child.digest)
  for (const { digest } of [...(config ? [config] : []), ...(layers ?? [])]) {
    const pulled = await client.request('GET', `/v2/${repository}/blobs/${digest}`)
    expect([pulled.status, await digestOf(new Uint8Array(await pulled.arrayBuffer()))]).toEqual([200, digest])
  }
}

/** With all its blobs. Resolves to a check that it is there, or to nothing where it was refused. */
async function pushAgain(world: World) {
  const bob = world.as('bob')
  const { response } = await pushImage(bob, 'acme/app:new', image)
  expect(response.status).toBe(201)
  return () => pullsWhole(bob, 'acme/app', 'new')
}

/** As a client does that has just seen that all blobs are there. */
async function tagAgain(world: World) {
  const bob = world.as('bob')
  const { text } = await describeImage()
  const { response } = await pushManifest(bob, 'acme/app', 'new', text)
  expect([201, 400]).toContain(response.status)
  return response.status === 201 ? () => pullsWhole(bob, 'acme/app', 'new') : undefined
}

async function indexAgain(world: World) {
  const bob = world.as('bob')
  const { response } = await pushIndex(bob, 'acme/app:new', [await describeImage()])
  expect([201, 400]).toContain(response.status)
  return response.status === 201 ? () => pullsWhole(bob, 'acme/app', 'new') : undefined
}

async function mountAgain(world: World) {
  const bob = world.as('bob')
  const digest = await digestOf(bytesOf('layer'))
  const { status } = await bob.request('POST', `/v2/acme/pub/blobs/uploads/?mount=${digest}&from=acme/app`)
  expect([201, 202]).toContain(status)
  if (status === 202) return undefined
  return async () => expect((await bob.request('GET', `/v2/acme/pub/blobs/${digest}`)).status).toBe(200)
}

/** The image that was pushed and is forgotten, without a request. */
async function describeImage() {
  const config = JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, of: image.layers })
  const described = async (mediaType: string, text: string) => ({
    mediaType,
    digest: await digestOf(bytesOf(text)),
    size: text.length,
  })
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: types.image,
    config: await described(types.config, config),
    layers: [await described(types.layer, 'layer')],
  })
  return { text, digest: await digestOf(bytesOf(text)) }
}

interface Tagged {
  repository: string
  digest: string
  /** Texts by digest, of all that the tag leads to. */
  manifests: Map<string, string>
  blobs: Map<string, string>
}

class Refused extends Error {}

/** A client that knows what was acknowledged to it. Half of its layers are everybody's; its images are its own. */
class Pusher {
  readonly counts = { pushes: 0, deletions: 0, refusals: 0 }
  readonly #client: Client
  readonly #id: number
  readonly #random: ReturnType<typeof seededRandom>
  readonly #tags = new Map<string, Tagged>()

  constructor(client: Client, id: number) {
    this.#client = client
    this.#id = id
    this.#random = seededRandom(id + 1)
  }

  async work() {
    await this.#pushOne()
    for (let round = 0; round < rounds; round++) {
      if (this.#random.below(3) === 0) await this.#deleteOne()
      else await this.#pushOne()
      const some = this.#random.pick([...this.#tags.keys()])
      if (some) await this.#pull(some)
    }
  }

  async pullAll() {
    for (const name of this.#tags.keys()) await this.#pull(name)
  }

  async #pushOne() {
    const repository = this.#random.pick(repositories) ?? ''
    const tag = `t${this.#id}-${this.#random.below(3)}`
    const isIndex = this.#random.below(3) === 0
    for (let attempt = 0; ; attempt++) {
      const held: Tagged = { repository, digest: '', manifests: new Map(), blobs: new Map() }
      try {
        if (isIndex) {
          const children = [await this.#image(held, ''), await this.#image(held, '')]
          held.digest = await this.#manifest(held, tag, {
            schemaVersion: 2,
            mediaType: types.index,
            manifests: [...new Set(children)].map((digest) => ({
              mediaType: types.image,
              digest,
              size: held.manifests.get(digest)?.length,
            })),
          })
        } else held.digest = await this.#image(held, tag)
        this.#tags.set(`${repository}:${tag}`, held)
        this.counts.pushes++
        return
      } catch (error) {
        if (!(error instanceof Refused) || attempt > 20) throw error
        this.counts.refusals++
      }
    }
  }

  /** The same few images again and again. */
  async #image(held: Tagged, tag: string): Promise<string> {
    const variant = this.#random.below(3)
    const config = JSON.stringify({ architecture: 'amd64', os: 'linux', of: [this.#id, variant] })
    const layers = [`everybody's layer ${variant}`, `layer ${variant} of ${this.#id}`]
    const descriptors = []
    for (const text of [config, ...layers]) {
      descriptors.push({ digest: await this.#blob(held, text), size: text.length })
    }
    return this.#manifest(held, tag, {
      schemaVersion: 2,
      mediaType: types.image,
      config: { mediaType: types.config, ...descriptors[0] },
      layers: descriptors.slice(1).map((layer) => ({ mediaType: types.layer, ...layer })),
    })
  }

  async #blob(held: Tagged, text: string): Promise<string> {
    const bytes = bytesOf(text)
    const digest = await digestOf(bytes)
    held.blobs.set(digest, text)
    const uploads = `/v2/${held.repository}/blobs/uploads/`
    const way = this.#random.below(4)
    if (way === 0) {
      const known = await this.#client.request('HEAD', `/v2/${held.repository}/blobs/${digest}`)
      if (known.status === 200) return digest
    }
    if (way === 1) {
      const from = this.#random.pick(repositories)
      const mounted = await this.#client.request('POST', `${uploads}?mount=${digest}&from=${from}`)
      await this.#expect(mounted, 201, 202)
      if (mounted.status === 201) return digest
    }
    if (way === 2) {
      await this.#expect(await this.#client.request('POST', `${uploads}?digest=${digest}`, bytes), 201)
      return digest
    }
    const begun = await this.#client.request('POST', uploads)
    await this.#expect(begun, 202)
    const location = begun.headers.get('location') ?? ''
    const half = this.#random.below(bytes.length)
    await this.#expect(await this.#client.request('PATCH', location, bytes.slice(0, half)), 202)
    await this.#expect(await this.#client.request('PUT', `${location}?digest=${digest}`, bytes.slice(half)), 201)
    return digest
  }

  async #manifest(held: Tagged, tag: string, content: { mediaType: string; [key: string]: unknown }): Promise<string> {
    const text = JSON.stringify(content)
    const digest = await digestOf(bytesOf(text))
    const path = `/v2/${held.repository}/manifests/${tag || digest}`
    await this.#expect(await this.#client.request('PUT', path, text, { 'content-type': content.mediaType }), 201)
    held.manifests.set(digest, text)
    return digest
  }

  /** Content that has left the grace period may be refused; then all of it is pushed again. Nothing else may happen. */
  async #expect(response: Response, ...statuses: number[]) {
    if (statuses.includes(response.status)) return
    const code = await errorCode(response.clone())
    const isGone = ['MANIFEST_BLOB_UNKNOWN', 'MANIFEST_UNKNOWN', 'BLOB_UPLOAD_UNKNOWN', 'CONFLICT'].includes(code ?? '')
    throw isGone ? new Refused(code) : new Error(`${response.status} ${await response.text()}`)
  }

  async #deleteOne() {
    const name = this.#random.pick([...this.#tags.keys()])
    const held = name && this.#tags.get(name)
    if (!name || !held) return
    const byDigest = this.#random.below(2) === 0
    const reference = byDigest ? held.digest : name.slice(name.lastIndexOf(':') + 1)
    const response = await this.#client.request('DELETE', `/v2/${held.repository}/manifests/${reference}`)
    expect(response.status).toBe(202)
    for (const [other, { repository, manifests }] of this.#tags) {
      const isGone = byDigest ? repository === held.repository && manifests.has(held.digest) : other === name
      if (isGone) this.#tags.delete(other)
    }
    this.counts.deletions++
  }

  async #pull(name: string) {
    const held = this.#tags.get(name)
    if (!held) return
    const [, tag] = name.split(':')
    const wanted = [
      [`manifests/${tag}`, held.manifests.get(held.digest)],
      ...[...held.manifests].map(([digest, text]) => [`manifests/${digest}`, text]),
      ...[...held.blobs].map(([digest, text]) => [`blobs/${digest}`, text]),
    ]
    for (const [path, text] of wanted) {
      const response = await this.#client.request('GET', `/v2/${held.repository}/${path}`)
      const got = new TextDecoder().decode(await response.arrayBuffer())
      expect([name, path, response.status, got]).toEqual([name, path, 200, text])
    }
  }
}
