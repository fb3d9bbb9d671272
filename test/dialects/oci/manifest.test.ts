import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../../src/domain/token/secret.ts'
import { collectGarbage } from '../../../src/jobs/collectGarbage.ts'
import { blob, manifest, manifestLabel, repository } from '../../../src/store/schema.ts'
import { basic, bytesOf, errorCode, pushBlob, pushImage, pushIndex, pushManifest, types } from '../../support/push.ts'
import { digestOf } from '../../support/seedImage.ts'
import { createWorld, type Person, password, type World } from '../../support/world.ts'

const at = (reference: string) => `/v2/acme/app/manifests/${reference}`

async function rowOf(world: World, digest: string) {
  const [[row]] = await world.store.batch([world.store.select().from(manifest).where(eq(manifest.digest, digest))])
  return row
}

async function sizeOf(world: World, path = 'acme/app') {
  const id = await world.repositoryId(path)
  const [[row]] = await world.store.batch([world.store.select().from(repository).where(eq(repository.id, id))])
  return row?.sizeBytes
}

describe('a pushed manifest', () => {
  it.each([
    { case: 'an OCI image', mediaType: types.image },
    { case: 'a Docker image', mediaType: types.dockerImage },
    { case: 'a type that nobody knows', mediaType: 'application/vnd.example.thing.v9+json' },
  ])('comes back as it went, by tag and by digest: $case', async ({ mediaType }) => {
    const world = await createWorld()
    const { response, digest, text } = await pushImage(world.as('bob'), 'acme/app:v1', { mediaType })
    expect(response.status, await response.text()).toBe(201)
    expect(response.headers.get('location')).toBe(at(digest))
    expect(response.headers.get('docker-content-digest')).toBe(digest)
    for (const reference of ['v1', digest]) {
      for (const method of ['GET', 'HEAD']) {
        const got = await world.as('carol').request(method, at(reference))
        const { headers } = got
        expect([got.status, headers.get('content-type'), headers.get('docker-content-digest')]).toEqual([
          200,
          mediaType,
          digest,
        ])
        expect(headers.get('content-length')).toBe(String(text.length))
        expect(headers.get('etag')).toBe(`"${digest}"`)
        expect(headers.get('cache-control')).toContain('no-transform')
        expect(await got.text()).toBe(method === 'GET' ? text : '')
      }
      const known = await world.as('carol').request('GET', at(reference), undefined, { 'if-none-match': `"${digest}"` })
      expect([known.status, await known.text()]).toEqual([304, ''])
    }
  })

  it('costs one read and one write; reading it, one read of few rows', async () => {
    const world = await createWorld()
    const bob = world.as('bob')
    await pushImage(bob, 'acme/app:old', { layers: ['a', 'b', 'c', 'd'] })
    const layers = ['a', 'b', 'c', 'e']
    await pushImage(bob, 'acme/app:new', { layers })
    const { text } = await pushImage(bob, 'acme/app:v1', { layers })
    world.meter.reset()
    await bob.request('PUT', at('v1'), text, { 'content-type': types.image })
    expect(world.meter.roundTrips).toBe(2)
    world.meter.reset()
    expect((await world.as('carol').request('HEAD', at('v1'))).status).toBe(200)
    expect(world.meter.roundTrips).toBe(1)
    expect(world.meter.rowsRead).toBeLessThanOrEqual(30)
  })

  it('may be 4 MiB long, and no longer', async () => {
    const world = await createWorld()
    const bob = world.as('bob')
    const config = { mediaType: types.config, digest: await pushBlob(bob, 'acme/app', '{}'), size: 2 }
    const long = (length: number) => {
      const frame = { schemaVersion: 2, mediaType: types.image, config, layers: [], annotations: { fill: '' } }
      const fill = 'x'.repeat(length - JSON.stringify(frame).length)
      return JSON.stringify({ ...frame, annotations: { fill } })
    }
    const max = 4 * 1024 * 1024
    const fits = await pushManifest(bob, 'acme/app', 'fits', long(max), types.image)
    expect(fits.response.status, await fits.response.text()).toBe(201)
    const got = await world.as('carol').request('GET', at('fits'))
    expect(got.headers.get('content-length')).toBe(String(max))
    expect(await digestOf(new Uint8Array(await got.arrayBuffer()))).toBe(fits.digest)
    const { response } = await pushManifest(bob, 'acme/app', 'long', long(max + 1), types.image)
    expect([response.status, await errorCode(response)]).toEqual([413, 'MANIFEST_INVALID'])
    expect((await world.as('carol').request('GET', at('long'))).status).toBe(404)
  })

  const zeros = `sha256:${'0'.repeat(64)}`
  const descriptor = (mediaType: string, digest = zeros) => ({ mediaType, digest, size: 2 })
  const image = (change: Record<string, unknown>) => ({
    schemaVersion: 2,
    mediaType: types.image,
    config: descriptor(types.config),
    layers: [],
    ...change,
  })
  it.each<{ case: string; manifest: unknown; type?: string; status?: number; code: string; reference?: string }>([
    { case: 'no JSON', manifest: '{', type: types.image, code: 'MANIFEST_INVALID' },
    { case: 'JSON that is no object', manifest: '[]', type: types.image, code: 'MANIFEST_INVALID' },
    { case: 'nothing', manifest: '', type: types.image, code: 'MANIFEST_INVALID' },
    { case: 'another schema', manifest: image({ schemaVersion: 1 }), code: 'MANIFEST_INVALID' },
    { case: 'another type than Content-Type says', manifest: image({}), type: types.index, code: 'MANIFEST_INVALID' },
    { case: 'an image and an index at once', manifest: image({ manifests: [] }), code: 'MANIFEST_INVALID' },
    {
      case: 'an index with layers',
      manifest: { schemaVersion: 2, mediaType: types.index, manifests: [], layers: [] },
      code: 'MANIFEST_INVALID',
    },
    { case: 'an image without layers', manifest: image({ layers: undefined }), code: 'MANIFEST_INVALID' },
    {
      case: 'a digest that is none',
      manifest: image({ config: descriptor(types.config, 'sha256:abc') }),
      code: 'MANIFEST_INVALID',
    },
    { case: 'a blob that is not here', manifest: image({}), code: 'MANIFEST_BLOB_UNKNOWN' },
    {
      case: 'a manifest that is not here',
      manifest: { schemaVersion: 2, mediaType: types.index, manifests: [descriptor(types.image)] },
      code: 'MANIFEST_BLOB_UNKNOWN',
    },
    {
      case: 'another digest than its name',
      manifest: { schemaVersion: 2, mediaType: types.index, manifests: [] },
      reference: zeros,
      code: 'DIGEST_INVALID',
    },
    {
      case: 'a tag that is none',
      manifest: { schemaVersion: 2, mediaType: types.index, manifests: [] },
      reference: '-x',
      code: 'TAG_INVALID',
    },
    ...[
      'text/html',
      'image/svg+xml',
      'application',
      'application/',
      'application/x\r\nset-cookie: a=b',
      'application/é',
    ].map((mediaType) => ({
      case: `the media type ${JSON.stringify(mediaType)}`,
      manifest: { schemaVersion: 2, mediaType, manifests: [], annotations: { a: '<script>alert(1)</script>' } },
      type: 'application/json',
      code: 'MANIFEST_INVALID',
    })),
    {
      case: 'a page’s type by its request alone',
      manifest: { schemaVersion: 2, manifests: [] },
      type: 'text/html',
      code: 'MANIFEST_INVALID',
    },
    {
      case: 'a first-schema manifest',
      manifest: { schemaVersion: 1 },
      type: 'application/vnd.docker.distribution.manifest.v1+prettyjws',
      code: 'MANIFEST_INVALID',
    },
  ])('is refused where it has $case', async ({ manifest: document, type, status = 400, code, reference = 'v1' }) => {
    const world = await createWorld()
    const { response } = await pushManifest(world.as('bob'), 'acme/app', reference, document, type)
    expect([response.status, await errorCode(response)]).toEqual([status, code])
    expect((await world.tags('acme/app')).live).toHaveLength(0)
    expect(await world.events()).toHaveLength(0)
  })

  it('is refused where a blob is another repository’s: a digest opens nothing', async () => {
    const world = await createWorld()
    const { text } = await pushImage(world.as('alice'), 'alice/secret:v1', { layers: ['secret'] })
    const { response } = await pushManifest(world.as('bob'), 'acme/app', 'v1', text, types.image)
    expect([response.status, await errorCode(response)]).toEqual([400, 'MANIFEST_BLOB_UNKNOWN'])
  })

  it('is refused where a size is wrong', async () => {
    const world = await createWorld()
    const { text } = await pushImage(world.as('bob'), 'acme/app:v1')
    const wrong = JSON.stringify({ ...JSON.parse(text), layers: [{ ...JSON.parse(text).layers[0], size: 99 }] })
    const { response } = await pushManifest(world.as('bob'), 'acme/app', 'v2', wrong, types.image)
    expect([response.status, await errorCode(response)]).toEqual([400, 'MANIFEST_INVALID'])
  })

  it('gives each of its tags its meaning, and says which', async () => {
    const world = await createWorld()
    const { text, digest } = await pushImage(world.as('bob'), 'acme/app:first')
    const response = await world
      .as('bob')
      .request('PUT', `${at(digest)}?tag=a&tag=b`, text, { 'content-type': types.image })
    expect([response.status, response.headers.get('oci-tag')]).toEqual([201, 'a, b'])
    expect((await world.tags('acme/app')).live.map((row) => [row.name, row.digest])).toEqual(
      ['a', 'b', 'first'].map((name) => [name, digest]),
    )
    expect((await world.events()).map((e) => [e.kind, (e.metadata as { tag: string }).tag])).toEqual([
      ['push_repo', 'first'],
      ['push_repo', 'a'],
      ['push_repo', 'b'],
    ])
  })

  it.each([
    { case: 'a tag that is none', query: '?tag=good&tag=-bad', code: 'TAG_INVALID' },
    { case: 'a tag without a name', query: '?tag=', code: 'TAG_INVALID' },
    {
      case: 'more than fifty tags',
      query: `?${Array.from({ length: 51 }, (_, i) => `tag=t${i}`).join('&')}`,
      code: 'INVALID_REQUEST',
    },
  ])('is refused with $case, and then has none of them', async ({ query, code }) => {
    const world = await createWorld()
    const index = JSON.stringify({ schemaVersion: 2, mediaType: types.index, manifests: [] })
    const path = at(await digestOf(bytesOf(index)))
    const response = await world.as('bob').request('PUT', path + query, index, { 'content-type': types.index })
    expect([response.status, await errorCode(response)]).toEqual([400, code])
    expect((await world.tags('acme/app')).live).toEqual([])
  })

  it('may be named by SHA-512, be an artifact with an empty config, and have its subject still to come', async () => {
    const world = await createWorld()
    const bob = world.as('bob')
    const config = await pushBlob(bob, 'acme/app', '{}')
    const text = JSON.stringify({
      schemaVersion: 2,
      mediaType: types.image,
      artifactType: 'application/x.thing',
      config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: config, size: 2, data: 'e30=' },
      layers: [{ mediaType: 'application/vnd.oci.empty.v1+json', digest: config, size: 2 }],
      subject: { mediaType: types.image, digest: `sha512:${'a'.repeat(128)}`, size: 7 },
    })
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-512', bytesOf(text)))
    const digest = `sha512:${toHex(hash)}`
    const pushed = await bob.request('PUT', `${at(digest)}?tag=v1`, text, { 'content-type': types.image })
    expect(pushed.status, await pushed.text()).toBe(201)
    expect(pushed.headers.get('docker-content-digest')).toBe(digest)
    expect(pushed.headers.get('oci-subject')).toBe(`sha512:${'a'.repeat(128)}`)
    expect(pushed.headers.get('oci-tag')).toBe('v1')
    for (const reference of ['v1', digest]) {
      for (const method of ['GET', 'HEAD']) {
        const got = await world.as('carol').request(method, at(reference))
        expect([got.status, got.headers.get('docker-content-digest')]).toEqual([200, digest])
        expect(await got.text()).toBe(method === 'GET' ? text : '')
      }
    }
  })

  it('says in the log who pushed what', async () => {
    const world = await createWorld()
    await pushImage(world.client({ ...basic('bob', password), 'user-agent': 'test/1' }), 'acme/app:v1')
    const [event] = await world.events()
    expect(event?.kind).toBe('push_repo')
    expect(event?.metadata).toEqual({
      repo: 'app',
      namespace: 'acme',
      'user-agent': 'test/1',
      username: 'bob',
      tag: 'v1',
      mediaType: types.image,
    })
  })

  it('counts each blob of the repository once', async () => {
    const world = await createWorld()
    const bob = world.as('bob')
    const one = await pushImage(bob, 'acme/app:v1', { layers: ['base', 'one'] })
    const configs = (text: string) => JSON.parse(text).config.size as number
    expect(await sizeOf(world)).toBe(configs(one.text) + 4 + 3)
    const two = await pushImage(bob, 'acme/app:v2', { layers: ['base', 'three'] })
    await pushImage(bob, 'acme/app:v3', { layers: ['base', 'three'] })
    await pushIndex(bob, 'acme/app:multi', [one, two])
    expect(await sizeOf(world)).toBe(configs(one.text) + configs(two.text) + 4 + 3 + 5)
    expect((await rowOf(world, one.digest))?.contentSizeBytes).toBe(configs(one.text) + 7)
  })

  it('two pushes of one manifest at once are both acknowledged, and kept once', async () => {
    const world = await createWorld()
    const { text } = await pushImage(world.as('alice'), 'acme/app:seed', { layers: ['a'] })
    const other = JSON.stringify({ ...JSON.parse(text), annotations: { same: 'for both' } })
    const statuses = await Promise.all(
      ['x', 'y', 'x'].map(
        async (tag) => (await pushManifest(world.as('bob'), 'acme/app', tag, other, types.image)).response.status,
      ),
    )
    expect(statuses).toEqual([201, 201, 201])
    const { live, history } = await world.tags('acme/app')
    expect(live).toHaveLength(3)
    expect(history.filter((row) => row.endedAt === null)).toHaveLength(3)
    const [labels] = await world.store.batch([
      world.store.select().from(manifestLabel).where(eq(manifestLabel.key, 'same')),
    ])
    expect(labels).toHaveLength(1)
  })
})

describe('an index', () => {
  it('knows its children, their size, and an index among them', async () => {
    const world = await createWorld()
    const bob = world.as('bob')
    const one = await pushImage(bob, 'acme/app', { layers: ['base', 'one'] })
    const two = await pushImage(bob, 'acme/app', { layers: ['base', 'two!'] })
    const inner = await pushIndex(bob, 'acme/app:inner', [one, two], types.dockerIndex)
    expect(inner.response.status).toBe(201)
    const outer = await pushIndex(bob, 'acme/app:outer', [inner])
    expect(outer.response.status).toBe(201)
    const configs = [one, two].reduce((sum, { text }) => sum + JSON.parse(text).config.size, 0)
    for (const { digest } of [inner, outer])
      expect((await rowOf(world, digest))?.contentSizeBytes).toBe(configs + 4 + 3 + 4)
    expect((await rowOf(world, inner.digest))?.children).toEqual(
      [one, two].map(({ digest }) => ({ digest, present: true })),
    )
    expect((await world.as('carol').request('GET', at(one.digest))).status).toBe(200)
  })

  it('may lack children where that is allowed, and hears of them when they come', async () => {
    const world = await createWorld({ settings: { FEATURE_SPARSE_INDEX: 'true' } })
    const bob = world.as('bob')
    const there = await pushImage(bob, 'acme/app', { layers: ['there'] })
    const absent = await pushImage(bob, 'acme/pub', { layers: ['absent'] })
    const index = await pushIndex(bob, 'acme/app:multi', [there, absent])
    expect(index.response.status).toBe(201)
    const presence = async () => (await rowOf(world, index.digest))?.children?.map((child) => child.present)
    expect(await presence()).toEqual([true, false])
    const before = (await rowOf(world, index.digest))?.contentSizeBytes ?? 0
    await pushImage(bob, 'acme/app', { layers: ['absent'] })
    expect(await presence()).toEqual([true, true])
    expect((await rowOf(world, index.digest))?.contentSizeBytes).toBe(before + JSON.parse(absent.text).config.size + 6)
  })
})

describe('labels', () => {
  it('come from the config, and annotations over them', async () => {
    const world = await createWorld()
    await pushImage(world.as('bob'), 'acme/app:v1', {
      labels: { maintainer: 'me', both: 'label', json: '{"a":1}' },
      annotations: { both: 'annotation' },
    })
    const [rows] = await world.store.batch([world.store.select().from(manifestLabel).orderBy(manifestLabel.id)])
    expect(rows.map(({ key, value, sourceType, mediaType }) => [key, value, sourceType, mediaType])).toEqual([
      ['maintainer', 'me', 'manifest', 'text/plain'],
      ['both', 'annotation', 'manifest', 'text/plain'],
      ['json', '{"a":1}', 'manifest', 'application/json'],
    ])
  })

  it.each([
    { value: '20h', seconds: 72_000 },
    { value: '3d', seconds: 259_200 },
    { value: '2w', seconds: 1_209_600 },
    { value: 'never', seconds: undefined },
    { value: '0d', seconds: undefined },
    { value: '-1d', seconds: undefined },
    { value: '9999999999y', seconds: undefined },
  ])('quay.expires-after=$value ends the tag in time', async ({ value, seconds }) => {
    const world = await createWorld()
    const bob = world.as('bob')
    const labelled = await pushImage(bob, 'acme/app:labelled', {
      layers: ['a'],
      labels: { 'quay.expires-after': value },
    })
    const noted = await pushImage(bob, 'acme/app:noted', {
      layers: ['b'],
      annotations: { 'quay.expires-after': value },
    })
    await pushIndex(bob, 'acme/app:index', [labelled, noted])
    const plain = await pushImage(bob, 'acme/app:plain', { layers: ['c'] })
    await pushIndex(bob, 'acme/app:mixed', [labelled, plain])
    await pushIndex(bob, 'acme/app:own', [labelled, plain], types.index, { 'quay.expires-after': value })
    const { live } = await world.tags('acme/app')
    const end = seconds === undefined ? null : new Date(world.clock.now.getTime() + seconds * 1000)
    expect(live.map(({ name, expiresAt }) => [name, expiresAt])).toEqual([
      ['index', end],
      ['labelled', end],
      ['mixed', null],
      ['noted', end],
      ['own', end],
      ['plain', null],
    ])
    world.tick((seconds ?? 0) * 1000)
    const later = world.client(basic('carol', password))
    expect((await later.request('GET', at('labelled'))).status).toBe(seconds === undefined ? 200 : 404)
  })
})

describe('an expiry', () => {
  const annotated = (value: string) => ({ 'quay.expires-after': value })
  const endOf = async (world: World, name: string) =>
    (await world.tags('acme/app')).live.find((tag) => tag.name === name)?.expiresAt

  it('is taken back by the next push of the tag, and an annotation speaks louder than a label', async () => {
    const world = await createWorld()
    const bob = world.as('bob')
    const end = new Date(world.clock.now.getTime() + 72_000_000)
    await pushImage(bob, 'acme/app:v1', { annotations: annotated('20h') })
    expect(await endOf(world, 'v1')).toEqual(end)
    world.tick(1000)
    await pushImage(bob, 'acme/app:v1', { labels: annotated('20h'), annotations: annotated('never') })
    expect(await endOf(world, 'v1')).toBeNull()
    expect((await world.tags('acme/app')).history.map(({ expiresAt, endedAt }) => [expiresAt, endedAt])).toEqual([
      [end, world.clock.now],
      [null, null],
    ])
  })

  it('of an index is its own, over that of its children', async () => {
    const world = await createWorld()
    const bob = world.as('bob')
    const child = await pushImage(bob, 'acme/app:child', { annotations: annotated('1h') })
    await pushIndex(bob, 'acme/app:multi', [child], types.index, annotated('never'))
    expect(await endOf(world, 'multi')).toBeNull()
    world.tick(1000)
    await pushIndex(bob, 'acme/app:multi', [child], types.index, annotated('3w'))
    expect(await endOf(world, 'multi')).toEqual(new Date(world.clock.now.getTime() + 21 * 86_400_000))
  })
})

describe('an immutable tag', () => {
  it.each(['v1', 'latest'])('is neither moved nor deleted, whichever way: %s', async (name) => {
    const world = await createWorld({ settings: { FEATURE_IMMUTABLE_TAGS: 'true' } })
    const bob = world.as('bob')
    const first = await pushImage(bob, `acme/app:${name}`, { labels: { 'quay.immutable': ' True ' } })
    const other = await pushImage(bob, 'acme/app:v2', { layers: ['other'] })
    const attempts = [
      () => bob.request('PUT', at(name), other.text, { 'content-type': types.image }),
      () => bob.request('PUT', `${at(other.digest)}?tag=new&tag=${name}`, other.text, { 'content-type': types.image }),
      () => bob.request('PUT', `${at(other.digest)}?tag=${name}&tag=new`, other.text, { 'content-type': types.image }),
      () => bob.request('DELETE', at(name)),
      () => bob.request('DELETE', at(first.digest)),
    ]
    for (const attempt of attempts) {
      const response = await attempt()
      expect([response.status, await errorCode(response)]).toEqual([409, 'TAG_IMMUTABLE'])
    }
    expect((await world.tags('acme/app')).live.map((tag) => [tag.name, tag.digest])).toEqual([
      [name, first.digest],
      ['v2', other.digest],
    ])
  })
})

describe('a policy of immutability', () => {
  it.each(['repository/acme/app', 'organization/acme'])('holds for pushes and deletions: of %s', async (on) => {
    const world = await createWorld({ settings: { FEATURE_IMMUTABLE_TAGS: 'true' } })
    const bob = world.as('bob')
    await world.arrange('alice', [`POST /api/v1/${on}/immutabilitypolicy/`, { tagPattern: 'v.*|latest' }])
    const first = await pushImage(bob, 'acme/app:v1')
    await pushImage(bob, 'acme/app:latest')
    const other = await pushImage(bob, 'acme/app:dev', { layers: ['other'] })
    for (const [method, path] of [
      ['PUT', at('v1')],
      ['PUT', at('latest')],
      ['PUT', `${at(other.digest)}?tag=free&tag=latest`],
      ['DELETE', at('v1')],
      ['DELETE', at('latest')],
      ['DELETE', at(first.digest)],
    ] as const) {
      const body = method === 'PUT' ? other.text : undefined
      const refused = await bob.request(method, path, body, { 'content-type': types.image })
      expect([method, path, refused.status, await errorCode(refused)]).toEqual([method, path, 409, 'TAG_IMMUTABLE'])
    }
    expect((await bob.request('PUT', at('v1'), first.text, { 'content-type': types.image })).status).toBe(409)
    expect((await bob.request('DELETE', at('dev'))).status).toBe(202)
    expect((await world.tags('acme/app')).live.map((tag) => [tag.name, tag.digest])).toEqual([
      ['latest', first.digest],
      ['v1', first.digest],
    ])
  })
})

describe('deletion', () => {
  it('by tag ends that tag only', async () => {
    const world = await createWorld()
    const { digest } = await pushImage(world.as('bob'), 'acme/app:v1')
    await world.point('acme/app', { v2: digest })
    world.tick(1000)
    expect((await world.as('bob').request('DELETE', at('v1'))).status).toBe(202)
    expect((await world.as('bob').request('GET', at('v1'))).status).toBe(404)
    for (const reference of ['v2', digest])
      expect((await world.as('bob').request('GET', at(reference))).status).toBe(200)
    const again = await world.as('bob').request('DELETE', at('v1'))
    expect([again.status, await errorCode(again)]).toEqual([404, 'MANIFEST_UNKNOWN'])
    await world.settle()
    const deleted = (await world.events()).filter((e) => e.kind === 'delete_tag')
    expect(deleted.map((e) => e.metadata)).toMatchObject([{ tag: 'v1', repo: 'app', username: 'bob' }])
  })

  it('by digest ends every tag on it, and a restored tag brings it back', async () => {
    const world = await createWorld()
    const bob = world.as('bob')
    const child = await pushImage(bob, 'acme/app')
    const { digest } = await pushIndex(bob, 'acme/app:v1', [child])
    await world.point('acme/app', { v2: digest })
    world.tick(1000)
    expect((await bob.request('DELETE', at(digest))).status).toBe(202)
    for (const reference of ['v1', 'v2', digest]) expect((await bob.request('GET', at(reference))).status).toBe(404)
    expect((await bob.request('DELETE', at(digest))).status).toBe(404)
    const { live, history } = await world.tags('acme/app')
    expect([live.length, history.filter((row) => row.endedAt === null).length]).toEqual([0, 0])
    const gone = (await world.events()).filter((e) => e.kind === 'delete_tag')
    expect(gone.map((e) => e.metadata)).toMatchObject([
      { tag: 'v1', digest },
      { tag: 'v2', digest },
    ])

    world.tick(1000)
    const restored = await bob.request('POST', '/api/v1/repository/acme/app/tag/v1/restore', {
      manifest_digest: digest,
    })
    expect(restored.status, await restored.text()).toBe(200)
    for (const reference of ['v1', digest, child.digest])
      expect((await bob.request('GET', at(reference))).status).toBe(200)
    expect((await rowOf(world, child.digest))?.children).toBeNull()
  })

  it('by digest of an index’s child leaves the index without it until it is pushed again', async () => {
    const world = await createWorld()
    const bob = world.as('bob')
    const child = await pushImage(bob, 'acme/app')
    const { digest } = await pushIndex(bob, 'acme/app:v1', [child])
    expect((await bob.request('DELETE', at(child.digest))).status).toBe(202)
    expect((await rowOf(world, digest))?.children).toEqual([{ digest: child.digest, present: false }])
    expect((await bob.request('GET', at('v1'))).status).toBe(200)
    expect((await bob.request('GET', at(child.digest))).status).toBe(404)
    await pushImage(bob, 'acme/app')
    expect((await rowOf(world, digest))?.children).toEqual([{ digest: child.digest, present: true }])
    expect((await bob.request('GET', at(child.digest))).status).toBe(200)
  })

  it('by digest takes a manifest out of reach of a new index, until it is pushed again', async () => {
    const world = await createWorld()
    const bob = world.as('bob')
    const child = await pushImage(bob, 'acme/app')
    expect((await bob.request('DELETE', at(child.digest))).status).toBe(202)
    const { response } = await pushIndex(bob, 'acme/app:v1', [child])
    expect([response.status, await errorCode(response)]).toEqual([400, 'MANIFEST_BLOB_UNKNOWN'])
    expect((await bob.request('GET', at('v1'))).status).toBe(404)
    await pushImage(bob, 'acme/app')
    expect((await pushIndex(bob, 'acme/app:v1', [child])).response.status).toBe(201)
    expect((await bob.request('GET', at(child.digest))).status).toBe(200)
  })

  it.each<{ as: Person | 'nobody'; status: number }>([
    { as: 'carol', status: 403 },
    { as: 'dave', status: 403 },
    { as: 'nobody', status: 401 },
  ])('is refused to $as', async ({ as, status }) => {
    const world = await createWorld()
    const { digest } = await pushImage(world.as('bob'), 'acme/app:v1')
    for (const path of [at('v1'), at(digest), `/v2/acme/app/blobs/${await digestOf(bytesOf('layer'))}`]) {
      expect((await world.as(as).request('DELETE', path)).status).toBe(status)
    }
    expect((await world.as('bob').request('GET', at('v1'))).status).toBe(200)
  })

  it.each([
    { case: 'a restored tag', back: 'restore' },
    { case: 'a push of both', back: 'push' },
    { case: 'nothing', back: 'nothing' },
  ])('of a blob after its manifests takes it from clients, and $case brings it back', async ({ back }) => {
    const world = await createWorld()
    const bob = world.client(basic('bob', password))
    const child = await pushImage(bob, 'acme/app', { layers: ['shared', 'own'] })
    const index = await pushIndex(bob, 'acme/app:v1', [child])
    const layer = `/v2/acme/app/blobs/${await digestOf(bytesOf('own'))}`
    const status = async () => (await bob.request('HEAD', layer)).status
    for (const { digest } of [index, child]) {
      expect((await bob.request('DELETE', layer)).status).toBe(405)
      expect((await bob.request('DELETE', at(digest))).status).toBe(202)
    }
    world.tick(1000)
    expect((await bob.request('DELETE', layer)).status).toBe(202)
    expect([await status(), (await bob.request('DELETE', layer)).status]).toEqual([404, 404])
    const mount = `/v2/bob/own/blobs/uploads/?mount=${await digestOf(bytesOf('own'))}&from=acme/app`
    expect((await bob.request('POST', mount)).status).toBe(202)
    const alone = await pushManifest(bob, 'acme/app', 'v2', child.text, types.image)
    expect([alone.response.status, await errorCode(alone.response)]).toEqual([400, 'MANIFEST_BLOB_UNKNOWN'])

    world.tick(2 * 86_400_000)
    await collectGarbage(world.services)
    if (back === 'restore') {
      const restore = '/api/v1/repository/acme/app/tag/v1/restore'
      const restored = await world
        .withScope('bob', 'repo:write')
        .then((writer) => writer.request('POST', restore, { manifest_digest: index.digest }))
      expect(restored.status, await restored.text()).toBe(200)
    }
    if (back === 'push') await pushImage(bob, 'acme/app:v1', { layers: ['shared', 'own'] })
    expect(await status()).toBe(back === 'nothing' ? 404 : 200)
    world.tick(30 * 86_400_000)
    for (let i = 0; i < 3; i++) await collectGarbage(world.services)
    expect(await status()).toBe(back === 'nothing' ? 404 : 200)
    const [left] = await world.store.batch([world.store.select().from(blob)])
    expect(left.length > 0).toBe(back !== 'nothing')
  })

  it('of a blob is refused while a manifest needs it; of another it leaves other repositories alone', async () => {
    const world = await createWorld()
    const bob = world.as('bob')
    await pushImage(bob, 'acme/app:v1', { layers: ['needed'] })
    const needed = await bob.request('DELETE', `/v2/acme/app/blobs/${await digestOf(bytesOf('needed'))}`)
    expect([needed.status, await errorCode(needed)]).toEqual([405, 'UNSUPPORTED'])
    const digest = await pushBlob(bob, 'acme/app', 'spare')
    await pushBlob(bob, 'acme/pub', 'spare')
    expect((await bob.request('DELETE', `/v2/acme/app/blobs/${digest}`)).status).toBe(202)
    expect((await bob.request('HEAD', `/v2/acme/app/blobs/${digest}`)).status).toBe(404)
    expect((await bob.request('DELETE', `/v2/acme/app/blobs/${digest}`)).status).toBe(404)
    expect((await bob.request('HEAD', `/v2/acme/pub/blobs/${digest}`)).status).toBe(200)
  })
})
