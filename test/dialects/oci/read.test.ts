import { describe, expect, it } from 'vitest'
import { repository, repositoryGrant } from '../../../src/store/schema.ts'
import { onLibsql } from '../../support/database.ts'
import { basic, bytesOf, errorCode, pushBlob, pushImage, pushIndex, types } from '../../support/push.ts'
import { seedReferrers, seedRepositories } from '../../support/seedMany.ts'
import { createWorld, type Person, password, type World } from '../../support/world.ts'

describe('a blob', () => {
  it.each<{ range: string; status: number; body?: string; contentRange?: string; headers?: Record<string, string> }>([
    { range: 'bytes=0-3', status: 206, body: '0123', contentRange: 'bytes 0-3/10' },
    { range: 'bytes=4-', status: 206, body: '456789', contentRange: 'bytes 4-9/10' },
    { range: 'bytes=-3', status: 206, body: '789', contentRange: 'bytes 7-9/10' },
    { range: 'bytes=-99', status: 206, body: '0123456789', contentRange: 'bytes 0-9/10' },
    { range: 'bytes=8-99', status: 206, body: '89', contentRange: 'bytes 8-9/10' },
    { range: 'bytes=9-9', status: 206, body: '9', contentRange: 'bytes 9-9/10' },
    { range: 'bytes=10-', status: 416, contentRange: 'bytes */10' },
    { range: 'bytes=-0', status: 416, contentRange: 'bytes */10' },
    { range: 'bytes=5-4', status: 416, contentRange: 'bytes */10' },
    { range: 'bytes=0-1,3-4', status: 200, body: '0123456789' },
    { range: 'lines=0-1', status: 200, body: '0123456789' },
    { range: 'bytes=0-3', status: 200, body: '0123456789', headers: { 'if-range': '"another"' } },
  ])('of ten bytes, asked for $range', async ({ range, status, body, contentRange, headers = {} }) => {
    const world = await createWorld()
    const digest = await pushBlob(world.as('bob'), 'acme/app', '0123456789')
    const path = `/v2/acme/app/blobs/${digest}`
    for (const method of ['GET', 'HEAD']) {
      const response = await world.as('carol').request(method, path, undefined, { range, ...headers })
      expect([response.status, response.headers.get('content-range')]).toEqual([status, contentRange ?? null])
      const read = new Uint8Array(await response.arrayBuffer())
      if (body === undefined) continue
      expect(response.headers.get('content-length')).toBe(String(body.length))
      expect(response.headers.get('accept-ranges')).toBe('bytes')
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
      expect(read).toEqual(method === 'GET' ? bytesOf(body) : new Uint8Array())
    }
    const known = await world.as('carol').request('GET', path, undefined, { 'if-none-match': `"${digest}"` })
    expect(known.status).toBe(304)
  })

  it.each([
    { case: 'no digest', digest: 'nothing', status: 400, code: 'DIGEST_INVALID' },
    { case: 'an unknown algorithm', digest: `md5:${'0'.repeat(32)}`, status: 400, code: 'DIGEST_INVALID' },
    { case: 'one that is not here', digest: `sha256:${'0'.repeat(64)}`, status: 404, code: 'BLOB_UNKNOWN' },
  ])('is refused for $case', async ({ digest, status, code }) => {
    const world = await createWorld()
    const response = await world.as('bob').request('GET', `/v2/acme/app/blobs/${digest}`)
    expect([response.status, await errorCode(response)]).toEqual([status, code])
  })

  it('is seen only where it is linked', async () => {
    const world = await createWorld()
    const digest = await pushBlob(world.as('bob'), 'acme/app', 'here')
    for (const method of ['GET', 'HEAD']) {
      expect((await world.as('bob').request(method, `/v2/acme/pub/blobs/${digest}`)).status).toBe(404)
    }
  })
})

describe('tags/list', () => {
  const list = async (query: string) => {
    const world = await createWorld()
    const digest = await world.image('acme/app')
    const names = ['b', 'a', 'B', 'v1.10', 'v1.2', '_x', '1']
    await world.point('acme/app', Object.fromEntries(names.map((name) => [name, digest])))
    const response = await world.as('carol').request('GET', `/v2/acme/app/tags/list${query}`)
    expect(response.status).toBe(200)
    return { body: await response.json(), link: response.headers.get('link') }
  }
  const all = ['1', 'B', '_x', 'a', 'b', 'v1.10', 'v1.2']

  it.each([
    { query: '', tags: all, link: null },
    { query: '?n=10000', tags: all, link: null },
    { query: '?n=7', tags: all, link: null },
    { query: '?n=2', tags: all.slice(0, 2), link: '</v2/acme/app/tags/list?n=2&last=B>; rel="next"' },
    { query: '?n=2&last=B', tags: all.slice(2, 4), link: '</v2/acme/app/tags/list?n=2&last=a>; rel="next"' },
    { query: '?n=2&last=C', tags: all.slice(2, 4), link: '</v2/acme/app/tags/list?n=2&last=a>; rel="next"' },
    { query: '?last=v1.2', tags: [], link: null },
    { query: '?n=0', tags: [], link: null },
    { query: '?n=-1', tags: all, link: null },
    { query: '?n=two', tags: all, link: null },
    { query: `?n=${'9'.repeat(400)}`, tags: all, link: null },
  ])('$query', async ({ query, tags, link }) => {
    expect(await list(query)).toEqual({ body: { name: 'acme/app', tags }, link })
  })

  it('leads through all pages, and leaves out what has expired', async () => {
    const world = await createWorld()
    const digest = await world.image('acme/app')
    const names = Array.from({ length: 25 }, (_, i) => `t${String(i).padStart(2, '0')}`)
    await world.point('acme/app', Object.fromEntries(names.map((name) => [name, digest])))
    await world.point('acme/app', { t07: digest }, { expiresAt: new Date(world.clock.now.getTime() + 1000) })
    world.tick(2000)
    const seen: string[] = []
    for (let path: string | undefined = '/v2/acme/app/tags/list?n=4'; path; ) {
      world.meter.reset()
      const response: Response = await world.as('carol').request('GET', path)
      expect(world.meter.roundTrips).toBe(1)
      expect(world.meter.rowsRead).toBeLessThanOrEqual(2 * 4 + 30)
      seen.push(...((await response.json()) as { tags: string[] }).tags)
      path = /^<([^>]+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1]
    }
    expect(seen).toEqual(names.filter((name) => name !== 't07'))
  })

  it.each([
    { path: 'acme/none', as: 'alice', status: 404, code: 'NAME_UNKNOWN' },
    { path: 'nowhere/none', as: 'alice', status: 403, code: 'DENIED' },
    { path: 'acme/App', as: 'alice', status: 400, code: 'NAME_INVALID' },
    { path: 'none', as: 'alice', status: 403, code: 'DENIED' },
  ] as const)('of $path is refused', async ({ path, as, status, code }) => {
    const world = await createWorld()
    const response = await world.as(as).request('GET', `/v2/${path}/tags/list`)
    expect([response.status, await errorCode(response)]).toEqual([status, code])
  })
})

describe('the catalog', () => {
  it('lists what the caller holds something on', async () => {
    const world = await createWorld()
    for (const path of ['alice/z', 'alice/a-b', 'alice/a/b', 'dave/x']) {
      await pushBlob(world.as(path.startsWith('dave') ? 'dave' : 'alice'), path, 'x')
    }
    const catalog = async (who: 'alice' | 'carol' | 'dave' | 'admin', query = '') => {
      const response = await world.as(who).request('GET', `/v2/_catalog${query}`)
      return [((await response.json()) as { repositories: string[] }).repositories, response.headers.get('link')]
    }
    expect(await catalog('alice')).toEqual([['acme/app', 'acme/pub', 'alice/a-b', 'alice/a/b', 'alice/z'], null])
    expect(await catalog('carol')).toEqual([['acme/app', 'acme/pub'], null])
    expect(await catalog('dave')).toEqual([['dave/x'], null])
    expect(await catalog('admin')).toEqual([[], null])
    expect(await catalog('alice', '?n=2&last=acme/app')).toEqual([
      ['acme/pub', 'alice/a-b'],
      '</v2/_catalog?n=2&last=alice%2Fa-b>; rel="next"',
    ])
    for (const n of ['999999999999999999999999', '-1', 'many', '']) {
      expect((await catalog('alice', `?n=${n}`))[0]).toHaveLength(5)
    }
    expect(await catalog('alice', '?n=0')).toEqual([[], null])
    expect((await world.as('nobody').request('GET', '/v2/_catalog')).status).toBe(401)
    const blind = await world.withScope('alice', 'user:read')
    expect(await blind.get('/v2/_catalog')).toEqual({ repositories: [] })
  })
})

describe('a catalog of many', () => {
  const names = async (world: World, who: Person, query: string) =>
    ((await world.as(who).get(`/v2/_catalog${query}`)) as { repositories: string[] }).repositories
  const all = (namespace: string, n: number) => Array.from({ length: n }, (_, i) => `${namespace}/r${i + 1}`)

  it.each<{ case: string; as: Person; by: { account?: string; team?: string } }>([
    { case: 'an owner', as: 'alice', by: {} },
    { case: 'a member of a team with grants', as: 'carol', by: { team: 'readers' } },
  ])('costs what its page needs, to $case', async ({ as, by }) => {
    const world = await createWorld()
    const costs: number[] = []
    for (const n of [1000, 10_000]) {
      await world.store.batch([world.store.delete(repositoryGrant), world.store.delete(repository)])
      await seedRepositories(world, 'acme', n, by)
      const expected = all('acme', n).toSorted()
      for (const last of ['', 'acme/r5', 'acme/r999']) {
        world.meter.reset()
        const page = await names(world, as, `?n=20&last=${last}`)
        expect(page).toEqual(expected.filter((path) => path > last).slice(0, 20))
        expect(world.meter.roundTrips).toBeLessThanOrEqual(2)
        costs.push(world.meter.rowsRead)
      }
    }
    if (!onLibsql) expect(Math.max(...costs)).toBeLessThan(20 * 5 + 250)
  })

  it('is in the order of bytes from namespace to namespace, by whatever right, each name once', async () => {
    const world = await createWorld()
    await world.arrange('alice', ['POST /api/v1/organization/', { name: 'acme-x', email: 'x@example.com' }])
    await seedRepositories(world, 'acme-x', 3)
    await seedRepositories(world, 'dave', 2, { account: 'alice' })
    await seedRepositories(world, 'alice', 2, { account: 'alice' })
    const expected = [...all('acme-x', 3), 'acme/app', 'acme/pub', ...all('alice', 2), ...all('dave', 2)]
    expect(await names(world, 'alice', '')).toEqual(expected)
    for (let n = 1; n <= expected.length; n++) {
      const found: string[] = []
      for (let page = [''], last = ''; page.length > 0; last = page.at(-1) ?? '') {
        page = await names(world, 'alice', `?n=${n}&last=${last}`)
        found.push(...page)
      }
      expect(found).toEqual(expected)
    }
    for (const last of ['a', 'acme', 'acme-', 'acme-x', 'acme-x/', 'acme0', 'b', 'zz', 'dave/r1/x']) {
      expect(await names(world, 'alice', `?last=${last}`)).toEqual(expected.filter((path) => path > last))
    }
  })
})

describe('referrers', () => {
  it('are listed as an index, those of one type where it is asked for', async () => {
    const world = await createWorld()
    const bob = world.as('bob')
    const subject = await pushImage(bob, 'acme/app:v1')
    const path = `/v2/acme/app/referrers/${subject.digest}`
    expect(await world.as('carol').get(path)).toEqual({ schemaVersion: 2, mediaType: types.index, manifests: [] })
    const signature = await pushImage(bob, 'acme/app', {
      layers: ['s'],
      subject: subject.digest,
      artifactType: 'application/x.signature',
      annotations: { by: 'me' },
    })
    expect(signature.response.headers.get('oci-subject')).toBe(subject.digest)
    const sbom = await pushImage(bob, 'acme/app', {
      layers: ['b'],
      subject: subject.digest,
      configType: 'application/x.sbom',
    })
    const descriptor = ({ digest, text }: { digest: string; text: string }, artifactType: string) => ({
      mediaType: types.image,
      digest,
      size: text.length,
      artifactType,
    })
    const one = { ...descriptor(signature, 'application/x.signature'), annotations: { by: 'me' } }
    const two = descriptor(sbom, 'application/x.sbom')

    const response = await world.as('carol').request('GET', path)
    expect(response.headers.get('content-type')).toBe(types.index)
    expect(response.headers.has('oci-filters-applied')).toBe(false)
    expect(await response.json()).toMatchObject({ manifests: [one, two] })
    for (const [type, found] of [
      ['application/x.signature', [one]],
      ['application/x.sbom', [two]],
      ['application/x.none', []],
    ] as const) {
      const filtered = await world.as('carol').request('GET', `${path}?artifactType=${encodeURIComponent(type)}`)
      expect(filtered.headers.get('oci-filters-applied')).toBe('artifactType')
      expect(((await filtered.json()) as { manifests: unknown[] }).manifests).toEqual(found)
    }
    expect((await bob.request('DELETE', `/v2/acme/app/manifests/${signature.digest}`)).status).toBe(202)
    expect(await world.as('carol').get(path)).toMatchObject({ manifests: [two] })
  })

  /** All that the pages list, page by page, as a client follows their links. */
  async function followed(world: World, path: string) {
    const pages: { digests: string[]; bytes: number; rowsRead: number }[] = []
    for (let next: string | undefined = path; next; ) {
      world.meter.reset()
      const response = await world.as('carol').request('GET', next)
      const text = await response.text()
      const digests = (JSON.parse(text) as { manifests: { digest: string }[] }).manifests.map(({ digest }) => digest)
      pages.push({ digests, bytes: text.length, rowsRead: world.meter.rowsRead })
      next = /^<(.*)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1]
    }
    return pages
  }
  const subject = `sha256:${'5'.repeat(64)}`
  const referrers = `/v2/acme/app/referrers/${subject}`

  it('of one subject may be ten thousand, a thousand on a page, and a rare kind is found at once', async () => {
    const world = await createWorld()
    await seedReferrers(world, 'acme/app', subject, 10_000, { rare: 1005 })
    const pages = await followed(world, referrers)
    expect(pages.map(({ digests }) => digests.length)).toEqual(Array(10).fill(1000))
    expect(new Set(pages.flatMap(({ digests }) => digests)).size).toBe(10_000)
    const rare = await followed(world, `${referrers}?artifactType=application/x.rare`)
    expect(rare.map(({ digests }) => digests.length)).toEqual([1000, 5])
    const none = await followed(world, `${referrers}?artifactType=application/x.none`)
    expect(none[0]?.digests).toEqual([])
    if (onLibsql) return
    expect(Math.max(...pages.map(({ rowsRead }) => rowsRead))).toBeLessThan(2200)
    expect(rare[1]?.rowsRead).toBeLessThan(50)
    expect(none[0]?.rowsRead).toBeLessThan(50)
  })

  it('come in pages of 4 MiB where their annotations are long, and one that is longer alone', async () => {
    const world = await createWorld()
    const long = 900 * 1024
    await seedReferrers(world, 'acme/app', subject, 10, { annotationBytes: long })
    const pages = await followed(world, referrers)
    expect(pages.map(({ digests }) => digests.length)).toEqual([4, 4, 2])
    for (const { bytes } of pages) expect(bytes).toBeLessThan(4 * 1024 * 1024)
  })

  it('may refer to what is not here', async () => {
    const world = await createWorld()
    const missing = `sha256:${'1'.repeat(64)}`
    const pushed = await pushImage(world.as('bob'), 'acme/app', { subject: missing })
    expect([pushed.response.status, pushed.response.headers.get('oci-subject')]).toEqual([201, missing])
    const index = await world.as('carol').get<{ manifests: unknown[] }>(`/v2/acme/app/referrers/${missing}`)
    expect(index.manifests).toHaveLength(1)
    const bad = await world.as('carol').request('GET', '/v2/acme/app/referrers/nothing')
    expect([bad.status, await errorCode(bad)]).toEqual([400, 'DIGEST_INVALID'])
  })
})

describe('a write', () => {
  it('shows at once in each read, and at another data centre when its cache lets go', async () => {
    const world = await createWorld({ settings: { EDGE_TTL_SECONDS: 5 } })
    const bob = world.as('bob')
    const far = world.elsewhere()
    const tagList = '/api/v1/repository/acme/app/tag/?onlyActiveTags=true'
    const names = async (client: { get<T>(path: string): Promise<T> }) =>
      (await client.get<{ tags: { name: string }[] }>(tagList)).tags.map((tag) => tag.name)
    expect(await names(world.as('carol'))).toEqual([])
    expect(await names(far('carol'))).toEqual([])
    await world.settle()
    const image = await pushImage(bob, 'acme/app:v1')
    expect(await names(world.as('carol'))).toEqual(['v1'])
    await pushIndex(bob, 'acme/app:v2', [image])
    expect(await names(world.as('carol'))).toContain('v2')
    await world.settle()
    expect((await bob.request('DELETE', '/v2/acme/app/manifests/v1')).status).toBe(202)
    expect(await names(world.as('carol'))).toEqual(['v2'])
    world.tick(5001)
    expect(await names(far('carol'))).toEqual(['v2'])
  })

  it('is counted and logged when it is pulled, and not when it is only looked at', async () => {
    const world = await createWorld({ settings: { FEATURE_IMAGE_PULL_STATS: 'true' } })
    const image = await pushImage(world.as('bob'), 'acme/app:v1')
    const carol = world.client(basic('carol', password))
    await carol.request('HEAD', '/v2/acme/app/manifests/v1')
    await carol.request('GET', '/v2/acme/app/manifests/v1', undefined, { 'if-none-match': `"${image.digest}"` })
    await carol.request('GET', '/v2/acme/app/manifests/v1')
    await carol.request('GET', `/v2/acme/app/manifests/${image.digest}`)
    await world.settle()
    const pulls = (await world.events()).filter(({ kind }) => kind === 'pull_repo')
    expect(pulls.map(({ metadata }) => metadata)).toMatchObject([
      { tag: 'v1', username: 'carol' },
      { manifest_digest: image.digest },
    ])
  })
})

describe('a look at the edge', () => {
  it('costs nothing the second time, to who was let in the first time', async () => {
    const world = await createWorld({ settings: { EDGE_TTL_SECONDS: 5 } })
    const image = await pushImage(world.as('bob'), 'acme/app:v1')
    world.tick(1000)
    const scope = 'scope=repository:acme/app:pull'
    const { token } = await world
      .client(basic('carol', password))
      .get<{ token: string }>(`/v2/auth?service=registry.test&${scope}`)
    const looks: [string, string, Record<string, string>, number][] = [
      ['HEAD', '/v2/acme/app/manifests/v1', {}, 200],
      ['HEAD', `/v2/acme/app/manifests/${image.digest}`, {}, 200],
      ['GET', '/v2/acme/app/manifests/v1', { 'if-none-match': `"${image.digest}"` }, 304],
      ['GET', '/v2/acme/app/tags/list?n=5', {}, 200],
    ]
    for (const client of [world.as('carol'), world.client({ authorization: `Bearer ${token}` })]) {
      for (const [method, path, headers, status] of looks) {
        const first = await client.request(method, path, undefined, headers)
        await world.settle()
        world.meter.reset()
        const second = await client.request(method, path, undefined, headers)
        expect([path, world.meter.roundTrips, first.status, second.status]).toEqual([path, 0, status, status])
        const said = ({ headers: h }: Response) =>
          [
            'content-length',
            'content-type',
            'docker-content-digest',
            'docker-distribution-api-version',
            'cache-control',
            'etag',
          ].map((name) => h.get(name))
        expect(said(second)).toEqual(said(first))
        expect(await second.text()).toBe(await first.text())
      }
    }
    expect((await world.as('dave').request('HEAD', '/v2/acme/app/manifests/v1')).status).toBe(403)
    expect((await world.as('nobody').request('HEAD', '/v2/acme/app/manifests/v1')).status).toBe(401)
  })

  it('counts and logs each pull, whoever answers it', async () => {
    const world = await createWorld({ settings: { EDGE_TTL_SECONDS: 5 } })
    await pushImage(world.as('bob'), 'acme/app:v1')
    for (let i = 0; i < 3; i++) {
      expect((await world.as('carol').request('GET', '/v2/acme/app/manifests/v1')).status).toBe(200)
      await world.settle()
    }
    expect((await world.events()).filter(({ kind }) => kind === 'pull_repo')).toHaveLength(3)
  })

  it('writes a storm of pulls in a few batches, and loses none', async () => {
    const world = await createWorld({ settings: { EDGE_TTL_SECONDS: 5, FEATURE_IMAGE_PULL_STATS: true } })
    const image = await pushImage(world.as('bob'), 'acme/app:v1')
    world.tick(1000)
    await world.as('carol').request('GET', '/v2/acme/app/manifests/v1')
    await world.settle()
    world.meter.reset()
    const paths = Array.from({ length: 40 }, (_, i) => `/v2/acme/app/manifests/${i % 2 ? 'v1' : image.digest}`)
    const answers = await Promise.all(paths.map((path) => world.as('carol').request('GET', path)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    await world.settle()
    // What was pulled by its digest for the first time was asked for: 20 at once.
    expect(world.meter.roundTrips).toBeLessThan(30)
    const told = (await world.events()).filter(({ kind }) => kind === 'pull_repo')
    expect(told).toHaveLength(41)
    expect(told.filter(({ metadata }) => metadata.tag === 'v1')).toHaveLength(21)
    expect(told.filter(({ metadata }) => metadata.manifest_digest === image.digest)).toHaveLength(20)
    const counted = await world.as('carol').get('/api/v1/repository/acme/app/tag/v1/pull_statistics')
    expect(counted).toMatchObject({ tag_pull_count: 21, manifest_pull_count: 41 })
  })

  it('sees a push and a deletion at once', async () => {
    const world = await createWorld({ settings: { EDGE_TTL_SECONDS: 5 } })
    const bob = world.as('bob')
    const digestNow = async () =>
      (await world.as('carol').request('HEAD', '/v2/acme/app/manifests/v1')).headers.get('docker-content-digest')
    const one = await pushImage(bob, 'acme/app:v1', { layers: ['1'] })
    expect(await digestNow()).toBe(one.digest)
    await world.settle()
    const two = await pushImage(bob, 'acme/app:v1', { layers: ['2'] })
    expect(await digestNow()).toBe(two.digest)
    await world.settle()
    await bob.request('DELETE', `/v2/acme/app/manifests/${two.digest}`)
    expect(await digestNow()).toBeNull()
  })
})

it('HEAD says of everything what GET does', async () => {
  const world = await createWorld()
  const { digest } = await pushImage(world.as('bob'), 'acme/app:v1')
  for (const path of ['', '_catalog', 'acme/app/tags/list', `acme/app/referrers/${digest}`, 'acme/app/manifests/v1']) {
    const [get, head] = [
      await world.as('carol').request('GET', `/v2/${path}`),
      await world.as('carol').request('HEAD', `/v2/${path}`),
    ]
    expect([path, head.status, await head.text()]).toEqual([path, get.status, ''])
    expect(get.status).toBe(200)
    for (const name of ['content-type', 'docker-content-digest', 'docker-distribution-api-version', 'link'])
      expect(head.headers.get(name)).toBe(get.headers.get(name))
  }
})

describe('what is not there', () => {
  it.each(['/v2/acme/app', '/v2/acme/app/nothing', '/v2/x/manifests', '/v2/nothing'])('%s', async (path) => {
    const world = await createWorld()
    const response = await world.as('bob').request('GET', path)
    expect(response.status).toBe(404)
    expect(await errorCode(response)).toBe('NAME_UNKNOWN')
  })

  it('takes no method that it has not', async () => {
    const world = await createWorld()
    const response = await world.as('bob').request('POST', '/v2/acme/app/manifests/v1', 'x')
    expect([response.status, await errorCode(response)]).toEqual([405, 'UNSUPPORTED'])
  })
})
