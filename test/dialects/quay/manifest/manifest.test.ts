import { describe, expect, it } from 'vitest'
import { describeLayers } from '../../../../src/domain/manifest/describeLayers.ts'
import { createWorld, type Person } from '../../../support/world.ts'

const repo = '/api/v1/repository/acme/app'
const unknown = `sha256:${'0'.repeat(64)}`
type Who = Person | 'nobody'

const seeded = async (settings = {}) => {
  const world = await createWorld({ settings })
  const D = await world.image('acme/app', { layers: ['base', 'top'], labels: { maintainer: 'me' } })
  const config = JSON.stringify({ config: { Labels: { maintainer: 'me' } }, layers: ['base', 'top'] })
  await world.services.blobs.put(`seeded/${await digestOf(config)}`, new TextEncoder().encode(config))
  await world.point('acme/app', { v: D })
  return { world, D, manifest: `${repo}/manifest/${D}` }
}
const digestOf = async (text: string) => {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return `sha256:${[...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

describe('getRepoManifest', () => {
  it('shows the text and the layers, in their order, in one round trip', async () => {
    const { world, D, manifest } = await seeded()
    const answer = await world.as('carol').get(manifest)
    expect(world.meter.roundTrips).toBe(1)
    expect(Object.keys(answer)).toEqual([
      'digest',
      'is_manifest_list',
      'manifest_data',
      'config_media_type',
      'layers_compressed_size',
      'layers',
    ])
    expect(answer).toMatchObject({ digest: D, is_manifest_list: false, layers_compressed_size: 7 })
    expect(await digestOf(answer.manifest_data as string)).toBe(D)
    const layers = answer.layers as Record<string, unknown>[]
    expect(layers.map(({ index, compressed_size }) => [index, compressed_size])).toEqual([
      [0, 4],
      [1, 3],
    ])
    expect(Object.keys(layers[0] ?? {})).toEqual(
      'index compressed_size is_remote urls command comment author blob_digest created_datetime'.split(' '),
    )
  })

  it('shows each live tag’s manifest by its digest', async () => {
    const { world } = await seeded()
    const index = await world.image('acme/app', { children: [] })
    await world.point('acme/app', { index })
    const carol = world.as('carol')
    const { tags } = await carol.get<{ tags: { manifest_digest: string }[] }>(`${repo}/tag/?onlyActiveTags=true`)
    expect(tags).toHaveLength(2)
    for (const { manifest_digest: digest } of tags)
      expect(await carol.get(`${repo}/manifest/${digest}`)).toMatchObject({
        digest,
        manifest_data: expect.stringMatching(/^\{/),
      })
  })

  it('shows an index without layers, and finds its children live', async () => {
    const { world } = await seeded()
    const child = await world.image('acme/app', { layers: ['child'] })
    const index = await world.image('acme/app', { children: [child] })
    expect((await world.as('carol').request('GET', `${repo}/manifest/${index}`)).status).toBe(404)
    await world.point('acme/app', { index })
    expect(await world.as('carol').get(`${repo}/manifest/${index}`)).toMatchObject({
      is_manifest_list: true,
      config_media_type: null,
      layers_compressed_size: 0,
      layers: null,
    })
    expect((await world.as('carol').request('GET', `${repo}/manifest/${child}/labels`)).status).toBe(200)
  })

  it.each<{ case: string; as: Who; what: 'live' | 'unknown' | 'dead' | 'no config'; status: number }>([
    { case: 'nobody', as: 'nobody', what: 'live', status: 401 },
    { case: 'a stranger', as: 'dave', what: 'live', status: 403 },
    { case: 'a stranger, unknown', as: 'dave', what: 'unknown', status: 403 },
    { case: 'a reader', as: 'carol', what: 'live', status: 200 },
    { case: 'unknown', as: 'carol', what: 'unknown', status: 404 },
    { case: 'dead', as: 'carol', what: 'dead', status: 404 },
    { case: 'without its config', as: 'carol', what: 'no config', status: 404 },
  ])('$case → $status', async ({ as, what, status }) => {
    const { world, manifest } = await seeded()
    if (what === 'dead') await world.as('alice').request('DELETE', `${repo}/tag/v`)
    if (what === 'no config') {
      const bare = await world.image('acme/app', { layers: ['other'] })
      await world.point('acme/app', { bare })
      const response = await world.as(as).request('GET', `${repo}/manifest/${bare}`)
      expect(response.status).toBe(status)
      return
    }
    const path = what === 'unknown' ? `${repo}/manifest/${unknown}` : manifest
    expect((await world.as(as).request('GET', path)).status).toBe(status)
  })
})

describe('describeLayers', () => {
  const layers = [
    { mediaType: 'layer', digest: `sha256:${'a'.repeat(64)}`, size: 4 },
    { mediaType: 'layer', digest: `sha256:${'b'.repeat(64)}`, size: 3, urls: ['https://example.com/b'] },
  ]
  const told = (config: unknown) =>
    describeLayers({ layers }, config === undefined ? undefined : JSON.stringify(config))

  it('tells of each step, those without a layer included', () => {
    const history = [
      { created: '2025-01-02T03:04:05Z', created_by: 'COPY a', comment: 'c', author: 'me' },
      { created_by: '["sh","-c","x"]', empty_layer: true },
      { created: 'nonsense' },
    ]
    expect(told({ history })).toMatchObject([
      {
        sizeBytes: 4,
        command: ['COPY a'],
        comment: 'c',
        author: 'me',
        createdAt: new Date('2025-01-02T03:04:05Z'),
        urls: null,
      },
      { sizeBytes: 32, command: ['sh', '-c', 'x'], comment: null, digest: expect.stringMatching(/^sha256:a3ed95/) },
      { sizeBytes: 3, command: null, createdAt: null, urls: ['https://example.com/b'] },
    ])
  })

  it.each([
    { case: 'no config', config: undefined, author: null },
    { case: 'no history', config: { author: 'me' }, author: 'me' },
    { case: 'a history of another length', config: { author: 'me', history: [{}] }, author: 'me' },
    { case: 'a history that is none', config: { history: 'x' }, author: null },
    { case: 'a config that is none', config: 7, author: null },
  ])('shows the layers alone for $case', ({ config, author }) => {
    expect(told(config).map(({ sizeBytes, author: by }) => [sizeBytes, by])).toEqual([
      [4, null],
      [3, author],
    ])
  })
})

describe('labels', () => {
  const label = (key: string, value = 'v', media_type: string | null = 'text/plain') => ({ key, value, media_type })

  it('are added, listed, looked at and taken off, each told in the log', async () => {
    const { world, D, manifest } = await seeded()
    const bob = world.as('bob')
    const added = await bob.request('POST', `${manifest}/labels`, label('hello', 'world'))
    const { label: first, ...beside } = (await added.json()) as { label: { id: string } }
    expect(beside).toEqual({})
    expect(Object.keys(first)).toEqual(['id', 'key', 'value', 'source_type', 'media_type'])
    expect(added.status).toBe(201)
    expect(added.headers.get('location')).toBe(`${manifest}/labels/${first.id}`)
    expect(first).toEqual({
      id: expect.any(String),
      key: 'hello',
      value: 'world',
      source_type: 'api',
      media_type: 'text/plain',
    })
    await bob.request('POST', `${manifest}/labels`, label('hello', '{"a":1}', null))
    await bob.request('POST', `${manifest}/labels`, label('com.dockers.x', '[', null))
    const { labels } = await world
      .as('carol')
      .get<{ labels: { id: string; key: string; media_type: string; source_type: string }[] }>(`${manifest}/labels`)
    expect(labels.map(({ key, media_type, source_type }) => [key, media_type, source_type])).toEqual([
      ['maintainer', 'text/plain', 'manifest'],
      ['hello', 'text/plain', 'api'],
      ['hello', 'application/json', 'api'],
      ['com.dockers.x', 'text/plain', 'api'],
    ])
    const filtered = await world.as('carol').get<{ labels: unknown[] }>(`${manifest}/labels?filter=HEL`)
    expect(filtered.labels).toHaveLength(2)
    expect(new Set(labels.map(({ id }) => id)).size).toBe(4)
    expect(await world.as('carol').get(`${manifest}/labels/${first.id}`)).toEqual(first)
    expect((await bob.request('DELETE', `${manifest}/labels/${first.id}`)).status).toBe(204)
    expect((await bob.request('GET', `${manifest}/labels/${first.id}`)).status).toBe(404)
    const events = await world.events()
    expect(events.map(({ kind }) => kind)).toEqual([...Array(3).fill('manifest_label_add'), 'manifest_label_delete'])
    expect(events[0]?.metadata).toMatchObject({
      id: first.id,
      key: 'hello',
      value: 'world',
      manifest_digest: D,
      media_type: 'text/plain',
      namespace: 'acme',
      repo: 'app',
    })
    expect(events[3]?.metadata).toMatchObject({
      id: first.id,
      key: 'hello',
      value: 'world',
      manifest_digest: D,
      namespace: 'acme',
      repo: 'app',
    })
  })

  it.each<{ value: string; asks: string | null; type: string }>([
    { value: '[1]', asks: null, type: 'application/json' },
    { value: '7', asks: null, type: 'text/plain' },
    { value: 'plain', asks: 'application/json', type: 'application/json' },
  ])('of $value as $asks are $type', async ({ value, asks, type }) => {
    const { world, manifest } = await seeded()
    const response = await world.as('bob').request('POST', `${manifest}/labels`, label('a', value, asks))
    expect(await response.json()).toMatchObject({ label: { value, media_type: type } })
  })

  it.each(['%25', '_', 'aint'])('starting with %s are none', async (filter) => {
    const { world, manifest } = await seeded()
    expect(await world.as('carol').get(`${manifest}/labels?filter=${filter}`)).toEqual({ labels: [] })
  })

  it('of an immutable tag’s image are added too', async () => {
    const { world, manifest } = await seeded({ FEATURE_IMMUTABLE_TAGS: true })
    await world.arrange('bob', [`PUT ${repo}/tag/v`, { immutable: true }])
    expect((await world.as('bob').request('POST', `${manifest}/labels`, label('late'))).status).toBe(201)
  })

  it('that came with the manifest stay', async () => {
    const { world, manifest } = await seeded()
    const { labels } = await world.as('carol').get<{ labels: { id: string }[] }>(`${manifest}/labels`)
    const response = await world.as('alice').request('DELETE', `${manifest}/labels/${labels[0]?.id}`)
    expect([response.status, await response.json()]).toEqual([400, { message: 'Cannot delete immutable label' }])
  })

  it('of one manifest are not found by another', async () => {
    const { world, manifest } = await seeded()
    const other = await world.image('acme/app', { layers: ['other'] })
    await world.point('acme/app', { other })
    const { labels } = await world.as('carol').get<{ labels: { id: string }[] }>(`${manifest}/labels`)
    const path = `${repo}/manifest/${other}/labels/${labels[0]?.id}`
    expect((await world.as('carol').request('GET', path)).status).toBe(404)
    expect((await world.as('bob').request('DELETE', path)).status).toBe(404)
  })

  const format = /^Label is of an invalid format or missing/
  it.each([
    ...['bad_label', '', 'invalid___key', 'a..b', '-a', 'a-', 'UP', 'x'.repeat(256), `${'a-'.repeat(120)}_`].map(
      (key) => ({ body: label(key), says: { message: expect.stringMatching(format) } }),
    ),
    ...[
      'com.docker.x',
      'io.docker.whatever',
      'org.opencontainers.image',
      'io.quay.x',
      'quayside',
      'internals',
      'quay.expires-after',
      'com.coreosx',
    ].map((key) => ({ body: label(key), says: { message: 'Label has a reserved prefix' } })),
    {
      body: label('ok', 'v', 'image/png'),
      says: { detail: "'image/png' is not one of ['text/plain', 'application/json', None]" },
    },
    { body: { media_type: null, value: 'b' }, says: { detail: "'key' is a required property" } },
    { body: { key: 'a', media_type: null }, says: { detail: "'value' is a required property" } },
    { body: { key: 'a', value: 'b' }, says: { detail: "'media_type' is a required property" } },
    { body: { key: 5, value: 'b', media_type: null }, says: { detail: "5 is not of type 'string'" } },
  ])('refuses $body.key', async ({ body, says }) => {
    const { world, manifest } = await seeded()
    const response = await world.as('bob').request('POST', `${manifest}/labels`, body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject(says)
    expect(await world.events()).toEqual([])
  })

  it.each<[Who, number]>([
    ['nobody', 403],
    ['dave', 403],
    ['carol', 403],
    ['auditor', 403],
    ['bob', 201],
  ])('%s adds one → %i', async (who, status) => {
    const { world, manifest } = await seeded()
    expect((await world.as(who).request('POST', `${manifest}/labels`, label('who'))).status).toBe(status)
  })
})

describe('getRepoManifestSecurity, getManifestPullStatistics', () => {
  it.each([true, false])('says queued to a password too (anonymous access: %s)', async (anonymous) => {
    const { world, D } = await seeded({ FEATURE_SECURITY_SCANNER: true, FEATURE_ANONYMOUS_ACCESS: anonymous })
    const path = `${repo}/manifest/${D}/security`
    const basic = (user: string, password: string) =>
      world.client({ authorization: `Basic ${btoa(`${user}:${password}`)}` })
    expect(await basic('alice', 'long-enough-1').get(path)).toEqual({ status: 'queued', data: null })
    expect(await basic('$oauthtoken', world.tokens.carol).get(path)).toEqual({ status: 'queued', data: null })
    expect((await basic('alice', 'wrong').request('GET', path)).status).toBe(401)
    expect((await world.as('nobody').request('GET', path)).status).toBe(401)
    expect((await world.as('dave').request('GET', path)).status).toBe(403)
    await world.as('alice').request('DELETE', `${repo}/tag/v`)
    expect((await world.as('carol').request('GET', path)).status).toBe(200)
    expect((await world.as('carol').request('GET', path.replace(D, unknown))).status).toBe(404)
  })

  it.each([
    { anonymous: true, status: 200 },
    { anonymous: false, status: 401 },
  ])('shows a public image to nobody: $status (anonymous access: $anonymous)', async ({ anonymous, status }) => {
    const world = await createWorld({
      settings: { FEATURE_SECURITY_SCANNER: true, FEATURE_ANONYMOUS_ACCESS: anonymous },
    })
    const D = await world.image('acme/pub')
    await world.point('acme/pub', { v: D })
    const path = `/api/v1/repository/acme/pub/manifest/${D}`
    for (const what of ['labels', 'security', 'security?vulnerabilities=true'])
      expect((await world.as('nobody').request('GET', `${path}/${what}`)).status).toBe(status)
  })

  it('takes a password nowhere else', async () => {
    const { world, manifest } = await seeded()
    const basic = world.client({ authorization: `Basic ${btoa('alice:long-enough-1')}` })
    expect((await basic.request('GET', manifest)).status).toBe(401)
  })

  it('counts pulls from nought', async () => {
    const { world, D, manifest } = await seeded({ FEATURE_IMAGE_PULL_STATS: true })
    expect(Object.entries(await world.as('carol').get(`${manifest}/pull_statistics`))).toEqual([
      ['manifest_digest', D],
      ['manifest_pull_count', 0],
      ['last_manifest_pull_date', null],
    ])
    await world.arrange('bob', `DELETE ${repo}/tag/v`)
    expect((await world.as('carol').request('GET', `${manifest}/pull_statistics`)).status).toBe(404)
  })
})
