import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../support/random.ts'
import { type Server, startServer } from './server.ts'
import { type Acknowledged, digestOf, noise, SteadyClient } from './steadyClient.ts'

const seed = Number(process.env.QUAYSIDE_TEST_SEED ?? Date.now() % 1_000_000)
const random = seededRandom(seed)
const pushes = 50
const pushers = 4
const kills = 10
const types = {
  image: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
}

let server: Server
let client: SteadyClient
/** Resolves once the server is up again; to how often it has been killed. */
let alive: Promise<number>
let abandoned: string[]
let texts: Map<string, string>

const repositoryOf = (push: number) => `admin/r${push % 3}`
const tagOf = (push: number) => `t${push}`
const byDigest = (push: number) => {
  const digest = digestOf(Buffer.from(texts.get(`${repositoryOf(push)}:${tagOf(push)}`) ?? ''))
  return { digest, path: `${repositoryOf(push)}/manifests/${digest}` }
}

beforeAll(async () => {
  console.log(`seed ${seed}: QUAYSIDE_TEST_SEED repeats it`)
  server = await startServer('long-enough-1')
  alive = Promise.resolve(0)
  abandoned = []
  texts = new Map()
  client = new SteadyClient(server.host, server.accessToken, random, () => alive)
})
afterAll(() => server?.stop())

async function killAgain(settings?: Record<string, string>): Promise<void> {
  const times = (await alive) + 1
  alive = server
    .kill()
    .then(() => server.restart(settings))
    .then(() => times)
  await alive
}

/** An image of one to three layers, some of which others have too; now and then an index of it. */
async function pushOne(push: number): Promise<void> {
  const repository = repositoryOf(push)
  const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', of: push }))
  const layers = Array.from({ length: 1 + random.below(3) }, (_, i) => {
    const lengths = [
      1 + random.below(200_000),
      1_000_000 + random.below(5_000_000),
      9_000_000 + random.below(11_000_000),
    ]
    const isShared = random.below(5) === 0
    return isShared
      ? noise('shared', 300_000)
      : noise(`${push} ${i}`, lengths[[0, 0, 0, 0, 0, 1, 1, 2][random.below(8)] ?? 0] ?? 0)
  })
  const described = []
  for (const bytes of [new Uint8Array(config), ...layers]) {
    described.push({ digest: await client.pushBlob(repository, bytes), size: bytes.length })
  }
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: types.image,
    config: { mediaType: types.config, ...described[0] },
    layers: described.slice(1).map((layer) => ({ mediaType: types.layer, ...layer })),
  })
  texts.set(`${repository}:${tagOf(push)}`, text)
  const digest = await client.pushManifest(repository, tagOf(push), text, types.image)
  if (push % 5 !== 0) return
  const manifests = [{ mediaType: types.image, digest, size: text.length }]
  const index = JSON.stringify({ schemaVersion: 2, mediaType: types.index, manifests })
  await client.pushManifest(repository, `multi${push}`, index, types.index)
}

/** Everything that was said to be there, once. */
const everything = () => [...new Map(client.acknowledged.map((each) => [each.path, each])).values()]
async function checkAll(list: readonly Acknowledged[]) {
  for (const each of list) await client.check(each)
}

describe('a registry that is killed again and again while it is pushed to', () => {
  it('has kept all that it acknowledged, and lets the rest be gone on with', async () => {
    let next = 0
    const pushing = Promise.all(
      Array.from({ length: pushers }, async () => {
        while (next < pushes) await pushOne(next++)
      }),
    )
    let isDone = false
    const over = pushing.finally(() => {
      isDone = true
    })
    let checked = 0
    const checks: Promise<void>[] = []
    const killing = (async () => {
      for (let kill = 0; kill < kills && !isDone; kill++) {
        const enough = client.counts.requests + 5 + random.below(20)
        while (client.counts.requests < enough && !isDone) await sleep(3)
        await sleep(random.below(60))
        await killAgain()
        const fresh = client.acknowledged.slice(checked)
        checked = client.acknowledged.length
        checks.push(checkAll(fresh.filter(({ sizeBytes }) => sizeBytes < 100_000)))
      }
    })()
    await Promise.all([over, killing.then(() => Promise.all(checks))])
    console.log(`seed ${seed}:`, { killed: await alive, ...client.counts })
    expect(await alive).toBe(kills)
    expect(client.counts.interruptions).toBeGreaterThan(kills / 2)
    await checkAll(everything())
    for (const push of [0, 1]) abandoned.push(await client.abandonUpload(repositoryOf(push)))
  })

  it('lets garbage collection take none of it, and what was deleted only after the time machine', async () => {
    const manifests = (path: string) => `/v2/${path}`
    const retagged = byDigest(6)
    const deleted = [0, 1, 2, 3].map(byDigest)
    for (const push of [0, 1, 2, 3]) {
      const { status } = await client.ask('DELETE', manifests(`${repositoryOf(push)}/manifests/${tagOf(push)}`))
      expect(status).toBe(202)
    }
    // What the others mean is not touched: an index keeps its children.
    await client.ask('DELETE', manifests(`${repositoryOf(0)}/manifests/multi0`))
    const other = texts.get(`${repositoryOf(9)}:${tagOf(9)}`) ?? ''
    await client.ask('PUT', manifests(`${repositoryOf(6)}/manifests/${tagOf(6)}`), other, {
      'content-type': types.image,
    })

    const kept = everything().filter(
      ({ path }) =>
        ![0, 1, 2, 3, 6].some((push) => path === `${repositoryOf(push)}/manifests/${tagOf(push)}`) &&
        !path.endsWith('/multi0'),
    )
    await killAgain({ GARBAGE_GRACE_SECONDS: '1' })
    await collectUntil(async () => (await client.ask('GET', abandoned[0] ?? '')).status === 404)
    const small = kept.filter(({ sizeBytes }) => sizeBytes < 1_000_000)
    await checkAll([...small, ...deleted.map(({ path, digest }) => ({ path, digest, sizeBytes: 0 }))])
    const restored = await client.ask(
      'POST',
      `/api/v1/repository/${repositoryOf(3)}/tag/${tagOf(3)}/restore`,
      JSON.stringify({ manifest_digest: deleted[3]?.digest }),
      { 'content-type': 'application/json' },
    )
    expect(restored.status).toBe(200)

    const forgets = JSON.stringify({ tag_expiration_s: 0 })
    const changed = await client.ask('PUT', '/api/v1/user/', forgets, { 'content-type': 'application/json' })
    expect(changed.status).toBe(200)
    void server.runJobs().catch(() => undefined)
    await sleep(random.below(300))
    await killAgain({ GARBAGE_GRACE_SECONDS: '1' })
    const gone = [deleted[0], deleted[1], deleted[2], retagged]
    await collectUntil(async () => {
      const statuses = await Promise.all(
        gone.map(async (each) => (await client.ask('GET', `/v2/${each?.path}`)).status),
      )
      return statuses.every((status) => status === 404)
    })
    const tagged = kept.filter(({ path }) => path.includes('/manifests/'))
    await checkAll([
      ...tagged,
      { path: `${repositoryOf(3)}/manifests/${tagOf(3)}`, digest: deleted[3]?.digest ?? '', sizeBytes: 0 },
    ])
    const needed = new Set<string>()
    for (const { path } of tagged) {
      const { bytes } = await client.ask('GET', `/v2/${path}`)
      const { config, layers = [] } = JSON.parse(Buffer.from(bytes).toString())
      for (const { digest } of [...(config ? [config] : []), ...layers]) {
        needed.add(`${path.slice(0, path.indexOf('/manifests/'))}/blobs/${digest}`)
      }
    }
    await checkAll(kept.filter(({ path }) => needed.has(path)))
  })
})

/** Runs the jobs until they have come so far. One that was killed at work holds its lease for another minute. */
async function collectUntil(isDone: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 150_000; Date.now() < end; await sleep(500)) {
    await server.runJobs()
    if (await isDone()) return
  }
  throw new Error('garbage collection did not come so far')
}
