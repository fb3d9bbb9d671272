import { beforeAll, describe, expect, it } from 'vitest'
import { createSwrWorld, manage, type SwrWorld } from '../../../support/swrWorld.ts'
import { origin, type Person } from '../../../support/world.ts'

const busybox = `${manage}/namespaces/group/repos/busybox/tags`

interface Listed {
  id: number
  Tag: string
  digest: string
  created: string
  updated: string
  [member: string]: unknown
}

async function list(world: SwrWorld, query = '', path = busybox, who: Person | 'nobody' = 'carol') {
  const response = await world.swr(who).request('GET', path + query)
  const body = (await response.json()) as Listed[] & { error_code?: string; errors?: { errorCode: string }[] }
  return {
    status: response.status,
    range: response.headers.get('content-range'),
    headers: response.headers,
    body,
    names: Array.isArray(body) ? body.map(({ Tag }) => Tag) : [],
    code: body.error_code,
  }
}

const tag = (n: number) => `t${String(n).padStart(2, '0')}`
/** Tag names from one number to another, up or down. */
const tags = (from: number, to: number) =>
  Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => tag(from + (to < from ? -i : i)))
const all = tags(25, 1)
const filter = (text: string) => `?filter=${text}`

describe('listRepositoryTags: what it answers', () => {
  let world: SwrWorld
  beforeAll(async () => {
    world = await createSwrWorld()
    await world.seedTags('group/busybox', 25)
  })

  it.each<{ case: string; query: string; names: string[]; range: string }>([
    { case: 'L01 everything, newest first', query: '', names: all, range: '0-25/25' },
    { case: 'L06 a page by filter', query: filter('offset::0|limit::10'), names: tags(25, 16), range: '0-10/25' },
    {
      case: 'L07 the same, percent-encoded',
      query: filter('offset%3A%3A0%7Climit%3A%3A10'),
      names: tags(25, 16),
      range: '0-10/25',
    },
    { case: 'L09 a page by plain parameters', query: '?offset=0&limit=10', names: tags(25, 16), range: '0-10/25' },
    { case: 'L10 the second page', query: filter('offset::10|limit::10'), names: tags(15, 6), range: '10-10/25' },
    { case: 'L11 the last page', query: filter('offset::20|limit::10'), names: tags(5, 1), range: '20-5/25' },
    { case: 'L12 just beyond the end', query: filter('offset::25|limit::10'), names: [], range: '25-0/25' },
    { case: 'L13 far beyond the end', query: filter('offset::1000|limit::10'), names: [], range: '1000-0/25' },
    {
      case: 'L14 an offset that is no multiple',
      query: filter('offset::7|limit::10'),
      names: tags(18, 9),
      range: '7-10/25',
    },
    {
      case: 'L16 pairs in another order',
      query: filter('limit::10|tag::t05|offset::0'),
      names: ['t05'],
      range: '0-1/1',
    },
    { case: 'L17 limit alone', query: filter('limit::10'), names: all, range: '0-25/25' },
    { case: 'L18 offset alone', query: filter('offset::5'), names: all, range: '0-25/25' },
    { case: 'L19 plain limit alone', query: '?limit=10', names: all, range: '0-25/25' },
    { case: 'L19 plain offset alone', query: '?offset=5', names: all, range: '0-25/25' },
    { case: 'L20 halves in two places', query: '?filter=limit::10&offset=0', names: all, range: '0-25/25' },
    {
      case: 'L21 oldest first',
      query: filter('order_column::updated_at|order_type::asc'),
      names: tags(1, 25),
      range: '0-25/25',
    },
    {
      case: 'L22 newest first',
      query: filter('order_column::updated_at|order_type::desc'),
      names: all,
      range: '0-25/25',
    },
    { case: 'L24 a column without a type', query: filter('order_column::updated_at'), names: all, range: '0-25/25' },
    { case: 'L25 a type without a column', query: filter('order_type::asc'), names: all, range: '0-25/25' },
    {
      case: 'L29 order and page',
      query: filter('order_column::updated_at|order_type::asc|offset::5|limit::3'),
      names: tags(6, 8),
      range: '5-3/25',
    },
    { case: 'L31 one tag by filter', query: filter('tag::t05'), names: ['t05'], range: '0-1/1' },
    { case: 'L32 one tag by parameter', query: '?tag=t05', names: ['t05'], range: '0-1/1' },
    { case: 'L34 a tag that is not there', query: filter('tag::nope'), names: [], range: '0-0/0' },
    { case: 'L35 a tag and a page', query: filter('tag::t05|offset::0|limit::10'), names: ['t05'], range: '0-1/1' },
    { case: 'L35 a tag and a page beyond', query: filter('tag::t05|offset::1|limit::10'), names: [], range: '1-0/1' },
    { case: 'L36 an empty tag is none', query: filter('tag::'), names: all, range: '0-25/25' },
    { case: 'L37 a wildcard of SQL', query: filter('tag::%25'), names: [], range: '0-0/0' },
    { case: 'L37 another wildcard', query: filter('tag::_05'), names: [], range: '0-0/0' },
    { case: 'L38 a value with a separator', query: filter('tag::a::b'), names: [], range: '0-0/0' },
    {
      case: 'L39 quotes',
      query: filter(`tag::${encodeURIComponent(`x'; drop table tag; --"`)}`),
      names: [],
      range: '0-0/0',
    },
    { case: 'L47 leading zeros', query: filter('offset::00|limit::010'), names: tags(25, 16), range: '0-10/25' },
    { case: 'L47 a canonical offset', query: filter('offset::007|limit::1'), names: ['t18'], range: '7-1/25' },
    {
      case: 'L48 the greatest offset',
      query: filter('offset::9223372036854775807|limit::10'),
      names: [],
      range: '9223372036854775807-0/25',
    },
    { case: 'L50 both empty', query: filter('offset::|limit::'), names: all, range: '0-25/25' },
    { case: 'L51 one empty', query: filter('offset::0|limit::'), names: all, range: '0-25/25' },
    { case: 'L52 an empty filter', query: '?filter=&offset=0&limit=5', names: tags(25, 21), range: '0-5/25' },
    {
      case: 'L53 a filter beats plain parameters',
      query: '?filter=offset::0|limit::5&offset=10&limit=10&tag=t01',
      names: tags(25, 21),
      range: '0-5/25',
    },
    { case: 'L54 a filter beats a broken limit', query: '?filter=tag::t05&limit=abc', names: ['t05'], range: '0-1/1' },
    {
      case: 'L55 a filter beats a broken order',
      query: '?filter=tag::t05&order_column=bogus&order_type=asc',
      names: ['t05'],
      range: '0-1/1',
    },
    { case: 'L56 an unknown parameter', query: '?foo=1', names: all, range: '0-25/25' },
    { case: 'L61 empty segments', query: filter('|offset::0||limit::10|'), names: tags(25, 16), range: '0-10/25' },
    {
      case: "L63 another list's key",
      query: filter('center::self|offset::0|limit::10'),
      names: tags(25, 16),
      range: '0-10/25',
    },
    { case: 'L64 a key twice', query: filter('limit::5|limit::9|offset::0'), names: tags(25, 21), range: '0-5/25' },
    { case: 'L64 a parameter twice', query: '?limit=5&limit=9&offset=0', names: tags(25, 21), range: '0-5/25' },
    { case: 'L65 two filters', query: '?filter=tag::t01&filter=tag::t02', names: ['t01'], range: '0-1/1' },
    { case: 'L67 a broken percent sequence', query: filter('tag::%ZZ'), names: [], range: '0-0/0' },
  ])('$case', async ({ query, names, range }) => {
    const found = await list(world, query)
    expect(found.status).toBe(200)
    expect(found.names).toEqual(names)
    expect(found.range).toBe(range)
    expect(found.headers.get('content-type')).toMatch(/^application\/json/)
  })

  it.each<{ case: string; query: string; code: string }>([
    { case: 'L26 an unknown column', query: filter('order_column::size|order_type::asc'), code: '4001096' },
    { case: 'L27 an unknown column alone', query: filter('order_column::num_images'), code: '4001096' },
    { case: 'L28 a type in capitals', query: filter('order_column::updated_at|order_type::DESC'), code: '4001096' },
    { case: 'L28 an unknown type', query: filter('order_column::updated_at|order_type::up'), code: '4001096' },
    ...['0', '-1', '-5', 'abc', '1.5', '10.0', '1e2', '+5', '%2B5', '10 '].map((limit) => ({
      case: `L43 L44 limit ${limit}`,
      query: filter(`limit::${limit}|offset::0`),
      code: '4000056',
    })),
    ...['-1', 'x', '1.5', '1e3', '+1', ' 0', '1'.repeat(20)].map((offset) => ({
      case: `L45 L49 L69 offset ${offset}`,
      query: filter(`offset::${encodeURIComponent(offset)}|limit::10`),
      code: '4000014',
    })),
    { case: 'L46 a lone broken limit', query: filter('limit::abc'), code: '4000056' },
    { case: 'L46 a lone broken plain limit', query: '?limit=abc', code: '4000056' },
    { case: 'L56 an unknown key', query: filter('foo::1'), code: '4001035' },
    { case: 'L57 a key in capitals', query: filter('Limit::10|offset::0'), code: '4001035' },
    { case: 'L58 single colons', query: filter('limit:10|offset:0'), code: '4001035' },
    { case: 'L59 equals signs', query: filter('limit=10|offset=0'), code: '4001035' },
    { case: 'L60 a space', query: filter('%20'), code: '4001035' },
    { case: 'L62 no key', query: filter('::10'), code: '4001035' },
    { case: 'L66 encoded twice', query: filter('offset%253A%253A0%257Climit%253A%253A10'), code: '4001035' },
    {
      case: 'L68 the placeholders of the documents',
      query: filter('limit::{limit}|offset::{offset}'),
      code: '4000056',
    },
    { case: 'L69 a space in front of a key', query: filter('offset::0|%20limit::10'), code: '4001035' },
  ])('$case', async ({ query, code }) => {
    const { status, body } = await list(world, query)
    expect(status).toBe(400)
    expect(body).toMatchObject({
      errors: [{ errorCode: `SVCSTG.SWR.${code}`, errorMessage: expect.any(String), detail: expect.any(String) }],
      error_code: `SVCSTG.SWR.${code}`,
      error_msg: expect.any(String),
      details: [{ error_code: `SVCSTG.SWR.${code}`, error_msg: expect.any(String) }],
    })
  })

  it('L02 has the sixteen members in their order', async () => {
    const { body } = await list(world)
    const members =
      'id repo_id Tag image_id manifest digest schema path internal_path size is_trusted created updated deleted domain_id tag_type'
    for (const element of body) expect(Object.keys(element).join(' ')).toBe(members)
    expect(body[0]).toMatchObject({
      deleted: null,
      is_trusted: false,
      domain_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    })
  })

  it('L15 ends a loop that adds the length of each page', async () => {
    const seen: string[] = []
    let requests = 0
    for (let offset = 0; ; ) {
      const { names } = await list(world, `?limit=10&offset=${offset}`)
      requests++
      if (names.length === 0) break
      seen.push(...names)
      offset += names.length
    }
    expect(requests).toBe(4)
    expect(seen).toEqual(all)
  })

  it('L83 needs no Content-Type, and says which request it was', async () => {
    const { status, headers } = await list(world)
    expect(status).toBe(200)
    expect(headers.get('x-request-id')).toMatch(/^\w+$/)
  })

  it.each<{ case: string; as: Person | 'nobody'; path?: string; query?: string; status: number; code: string }>([
    { case: 'L71 an unknown repository', as: 'carol', path: 'group/repos/nope', status: 404, code: '4040113' },
    { case: 'L71 an unknown organization', as: 'carol', path: 'nope/repos/busybox', status: 404, code: '4040058' },
    {
      case: 'L72 a broken filter on an unknown repository',
      as: 'carol',
      path: 'group/repos/nope',
      query: '?filter=x',
      status: 400,
      code: '4001035',
    },
    { case: 'L73 a stranger', as: 'dave', status: 404, code: '4040113' },
    { case: 'L74 nobody', as: 'nobody', status: 401, code: '4010000' },
    { case: 'L75 nobody with a broken filter', as: 'nobody', query: '?filter=x', status: 401, code: '4010000' },
    { case: 'L76 a raw slash', as: 'carol', path: 'group/repos/team/busybox', status: 404, code: '4040083' },
    { case: 'an unknown route of nobody', as: 'nobody', path: 'group/nothing', status: 401, code: '4010000' },
  ])('$case', async ({ as, path = 'group/repos/busybox', query = '', status, code }) => {
    const found = await list(world, query, `${manage}/namespaces/${path}/tags`, as)
    expect(found.status).toBe(status)
    expect(found.code).toBe(`SVCSTG.SWR.${code}`)
    expect(found.body.errors?.[0]?.errorCode).toBe(found.code)
    expect(found.headers.get('x-request-id')).toBeTruthy()
  })

  it.each([
    { case: 'L84 repo:read', scope: 'repo:read', status: 200 },
    { case: 'L84 repo:admin, which holds repo:read', scope: 'repo:admin', status: 200 },
    { case: 'L84 repo:create', scope: 'repo:create', status: 403 },
    { case: 'an expired token', scope: 'repo:read', lifetime: -1, status: 401 },
  ])('$case: $status', async ({ scope, lifetime, status }) => {
    const token = await world.token('carol', scope, lifetime)
    const response = await world.client({ 'x-auth-token': token }).request('GET', busybox)
    expect(response.status).toBe(status)
    if (status === 403) expect(await response.json()).toMatchObject({ error_code: 'SVCSTG.SWR.4030170' })
  })
})

describe('listRepositoryTags: what it shows of each tag', () => {
  it('L03 gives back the element of the documents, byte for byte', async () => {
    const world = await createSwrWorld({ settings: { SWR_INTERNAL_HOSTNAME: '10.125.0.198:20202' } })
    world.clock.now = new Date('2018-07-06T06:18:55.678Z')
    const digest = await world.manifestOf('group/busybox', sample)
    await world.point('group/busybox', { latest: digest })
    world.clock.now = new Date('2026-03-01T12:00:00Z')

    const { body } = await list(world)
    expect(body).toEqual([
      {
        id: 1,
        repo_id: await world.repositoryId('group/busybox'),
        Tag: 'latest',
        image_id: '741f24a795d6d93d7c6edd11780d63c13e16c39615dd9d223378a57a836f2ee6',
        manifest: sample,
        digest: 'sha256:57b605845a6367c34bfb6ea6477f16852f59aa1861a2b51d10ab77ae0a1dc9c3',
        schema: 2,
        path: 'registry.test/group/busybox:latest',
        internal_path: '10.125.0.198:20202/group/busybox:latest',
        size: 1304902,
        is_trusted: false,
        created: '2018-07-06T06:18:55Z',
        updated: '2018-07-06T06:18:55Z',
        deleted: null,
        domain_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        tag_type: 0,
      },
    ])
  })

  it('L04 counts the config too, which Quay does not', async () => {
    const world = await createSwrWorld()
    const digest = await world.manifestOf('group/busybox', sample)
    await world.point('group/busybox', { latest: digest })
    const [swr] = (await list(world)).body
    const quay = await world.as('carol').get<{ tags: { size: number }[] }>('/api/v1/repository/group/busybox/tag/')
    expect((swr?.size as number) - (quay.tags[0]?.size ?? 0)).toBe(1862)
  })

  it('reads a manifest that is too long for a row from the blob store', async () => {
    const world = await createSwrWorld()
    const digest = await world.manifestOf('group/busybox', sample)
    await world.services.blobs.put('manifests/long', new TextEncoder().encode(sample))
    await world.store.run(`update manifest set content = null, content_key = 'manifests/long'`)
    await world.point('group/busybox', { a: digest, b: digest })
    expect((await list(world)).body.map(({ manifest }) => manifest)).toEqual([sample, sample])
  })

  it.each([
    {
      case: 'a Docker manifest list',
      content: {
        schemaVersion: 2,
        mediaType: 'application/vnd.docker.distribution.manifest.list.v2+json',
        manifests: [],
      },
      expected: { tag_type: 1, image_id: '', schema: 2 },
    },
    {
      case: 'an OCI index',
      content: { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [] },
      expected: { tag_type: 1, image_id: '', schema: 2 },
    },
    {
      case: 'a schema 1 manifest',
      content: { schemaVersion: 1, name: 'group/busybox' },
      expected: { tag_type: 0, image_id: '', schema: 1 },
    },
  ])('L77 $case', async ({ content, expected }) => {
    const world = await createSwrWorld()
    const { schemaVersion } = content
    const digest = await world.manifestOf('group/busybox', JSON.stringify(content), { schemaVersion })
    await world.point('group/busybox', { x: digest })
    expect((await list(world)).body).toMatchObject([expected])
  })

  it('L23 L33 L70 orders names by their bytes, and finds them exactly', async () => {
    const world = await createSwrWorld()
    expect(await list(world)).toMatchObject({ status: 200, body: [], range: '0-0/0' })
    const digest = await world.image('group/busybox')
    for (const name of ['b', 'B', 'a1', 'a10', 'a2', 'v1', 'v10', 'v1.0']) {
      await world.point('group/busybox', { [name]: digest })
    }
    const byName = (type: string) => list(world, filter(`order_column::tag|order_type::${type}`))
    expect((await byName('asc')).names).toEqual(['B', 'a1', 'a10', 'a2', 'b', 'v1', 'v1.0', 'v10'])
    expect((await byName('desc')).names).toEqual(['v10', 'v1.0', 'v1', 'b', 'a2', 'a10', 'a1', 'B'])
    expect((await list(world, filter('tag::v1'))).names).toEqual(['v1'])
    expect(await list(world, filter('tag::V1'))).toMatchObject({ names: [], range: '0-0/0' })
  })

  it('L30 neither loses nor repeats tags of the same instant', async () => {
    const world = await createSwrWorld()
    const digest = await world.image('group/busybox')
    for (const name of ['q', 'c', 'x', 'a', 'm', 'b', 'z']) await world.point('group/busybox', { [name]: digest })
    for (const [type, expected] of [
      ['desc', 'abcmqxz'],
      ['asc', 'zxqmcba'],
    ] as const) {
      const walked: string[] = []
      for (let offset = 0; offset < 8; offset += 2) {
        const page = await list(world, `?order_column=updated_at&order_type=${type}&limit=2&offset=${offset}`)
        walked.push(...page.names)
      }
      expect(walked.join('')).toBe(expected)
    }
  })

  it('L40 L41 L42 shows 1000 tags at most', async () => {
    const world = await createSwrWorld()
    await world.seedTags('group/busybox', 1500)
    for (const query of [filter('limit::1000|offset::0'), filter('limit::5000|offset::0'), '']) {
      const { names, range } = await list(world, query)
      expect([names.length, range]).toEqual([1000, '0-1000/1500'])
    }
    const rest = await list(world, '?offset=1000&limit=1000')
    expect([rest.names.length, rest.range]).toEqual([500, '1000-500/1500'])
    await world.createRepository('group/other')
    await world.seedTags('group/other', 150)
    expect((await list(world, '', `${manage}/namespaces/group/repos/other/tags`)).names).toHaveLength(150)
  })

  it('L74 shows a public repository to a stranger, not to nobody', async () => {
    const world = await createSwrWorld()
    await world.createRepository('group/open', { isPublic: true })
    const path = `${manage}/namespaces/group/repos/open/tags`
    expect((await list(world, '', path, 'dave')).status).toBe(200)
    expect((await list(world, '', path, 'nobody')).status).toBe(401)
  })

  it.each(['team$busybox', 'team%24busybox', 'team%2Fbusybox', 'team%2fbusybox'])('L76 takes %s', async (name) => {
    const world = await createSwrWorld()
    await world.createRepository('group/team/busybox')
    await world.seedTags('group/team/busybox', 1)
    const { body } = await list(world, '', `${manage}/namespaces/group/repos/${name}/tags`)
    expect(body[0]).toMatchObject({ path: `${new URL(origin).host}/group/team/busybox:t01` })
  })

  it('L79 leaves out a tag whose expiry has passed, though nobody has swept it', async () => {
    const world = await createSwrWorld()
    await world.seedTags('group/busybox', 25)
    await world.store.run(
      `update tag set expires_at = ${world.clock.now.getTime() + 1000} where name in ('t05', 't24')`,
    )
    expect((await list(world)).range).toBe('0-25/25')
    world.tick(1000)
    expect(await list(world, '?offset=0&limit=2')).toMatchObject({ names: ['t25', 't23'], range: '0-2/23' })
    expect(await list(world, filter('tag::t05'))).toMatchObject({ names: [], range: '0-0/0' })
    expect((await list(world, '?order_column=tag&order_type=asc')).names).toEqual(
      tags(1, 25).filter((name) => name !== 't05' && name !== 't24'),
    )
  })

  it('L78 L81 forgets a deleted tag, and gives a restored one another life', async () => {
    const world = await createSwrWorld()
    await world.seedTags('group/busybox', 25)
    const before = (await list(world, '?tag=t05')).body[0]
    expect((await world.swr('alice').request('DELETE', `${busybox}/t05`)).status).toBe(204)
    const after = await list(world)
    expect([after.names.length, after.range]).toEqual([24, '0-24/24'])
    const quay = '/api/v1/repository/group/busybox/tag/'
    const { tags: history } = await world.as('alice').get<{ tags: { end_ts?: number }[] }>(`${quay}?specificTag=t05`)
    expect(history.map((row) => typeof row.end_ts)).toEqual(['number'])

    world.tick(5000)
    const body = { manifest_digest: before?.digest }
    expect((await world.as('alice').request('POST', `${quay}t05/restore`, body)).status).toBe(200)
    const restored = (await list(world, '?tag=t05')).body[0]
    expect(restored?.id).not.toBe(before?.id)
    expect(restored?.created).toBe(world.clock.now.toISOString().replace(/\.\d+/, ''))
    expect((await list(world)).range).toBe('0-25/25')
  })

  it('L80 keeps id and birth of a tag that moves', async () => {
    const world = await createSwrWorld()
    await world.seedTags('group/busybox', 3)
    const before = (await list(world, '?tag=t01')).body[0]
    const other = await world.image('group/busybox', { layers: ['other'] })
    await world.point('group/busybox', { t01: other })
    const [after] = (await list(world)).body
    expect(after).toMatchObject({ Tag: 't01', id: before?.id, created: before?.created, digest: other })
    expect(after?.updated).not.toBe(before?.updated)
  })
})

const sample =
  '{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":1862,"digest":"sha256:741f24a795d6d93d7c6edd11780d63c13e16c39615dd9d223378a57a836f2ee6"},"layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":1292800,"digest":"sha256:8ac8bfaff55af948c796026ee867448c5b5b5d9dd3549f4006d9759b25d4a893"},{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":10240,"digest":"sha256:77ddbf3a9fe11e81761a0f9df43a28e3e6f29bbb53c0c8cf71cd7efa69729aed"}]}'
