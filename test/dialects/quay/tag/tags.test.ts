import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { expireTags } from '../../../../src/jobs/expireTags.ts'
import { account, manifest, repository, tagPulls } from '../../../../src/store/schema.ts'
import { seedTags } from '../../../support/seedMany.ts'
import { createWorld, type Person, type World } from '../../../support/world.ts'

const repo = '/api/v1/repository/acme/app'
const unknown = `sha256:${'0'.repeat(64)}`

interface Tag {
  name: string
  reversion: boolean
  start_ts: number
  end_ts?: number
  manifest_digest: string
  last_modified: string
  expiration?: string
}
interface List {
  tags: Tag[]
  page: number
  has_additional: boolean
}
const list = async (world: World, query = '', who: Person = 'carol') => world.as(who).get<List>(`${repo}/tag/?${query}`)
const at = (world: World, milliseconds: number) => {
  world.clock.now = new Date(milliseconds)
}
const put = (world: World, tag: string, body: unknown, who: Person = 'bob') =>
  world.as(who).request('PUT', `${repo}/tag/${tag}`, body)
const longLived = async (settings = {}) => {
  const world = await createWorld({ settings })
  const token = await world.withScope('alice', 'repo:admin', 1_000_000_000)
  return { world, token }
}

describe('the examples of the contract', () => {
  it('E1: create, move to the same, restore the same', async () => {
    const { world, token } = await longLived()
    at(world, 1_740_495_408_123)
    const D = await world.image('acme/app')
    await world.point('acme/app', { v: D })
    at(world, 1_740_495_442_456)
    await token.request('PUT', `${repo}/tag/v`, { manifest_digest: D })
    at(world, 1_740_496_373_789)
    await token.request('POST', `${repo}/tag/v/restore`, { manifest_digest: D })
    const { tags } = await token.get<List>(`${repo}/tag/`)
    expect(tags.map((tag) => [tag.start_ts, tag.end_ts, tag.reversion])).toEqual([
      [1_740_496_373, undefined, true],
      [1_740_495_442, 1_740_496_373, false],
      [1_740_495_408, 1_740_495_442, false],
    ])
    expect(tags[0]?.last_modified).toBe('Tue, 25 Feb 2025 15:12:53 -0000')
    expect(tags[1]?.expiration).toBe('Tue, 25 Feb 2025 15:12:53 -0000')
    expect(tags[0]).not.toHaveProperty('expiration')
  })

  it('E2: a label’s expiry counts from each new meaning, and a planned end shows', async () => {
    const { world, token } = await longLived()
    at(world, 1_743_706_344_000)
    const D = await world.image('acme/app', { layers: ['x'], expiresAfterSeconds: 72_000 })
    await world.point('acme/app', { keeps: D })
    await token.request('PUT', `${repo}/tag/v`, { manifest_digest: D })
    const [first] = (await token.get<List>(`${repo}/tag/?specificTag=v&onlyActiveTags=true`)).tags
    expect(first).toMatchObject({ end_ts: 1_743_778_344, expiration: 'Fri, 04 Apr 2025 14:52:24 -0000' })
    at(world, 1_743_708_135_000)
    await token.request('POST', `${repo}/tag/v/restore`, { manifest_digest: D })
    expect((await token.get<List>(`${repo}/tag/?specificTag=v`)).tags.map(({ end_ts }) => end_ts)).toEqual([
      1_743_780_135, 1_743_708_135,
    ])
  })

  it('E3: delete, find nothing live, restore', async () => {
    const { world, token } = await longLived()
    at(world, 1_716_324_069_000)
    const D = await world.image('acme/app')
    await world.point('acme/app', { v: D })
    at(world, 1_716_400_000_500)
    expect((await token.request('DELETE', `${repo}/tag/v`)).status).toBe(204)
    expect((await token.get<List>(`${repo}/tag/?onlyActiveTags=true`)).tags).toEqual([])
    at(world, 1_716_400_001_000)
    expect((await token.request('PUT', `${repo}/tag/v`, { manifest_digest: D })).status).toBe(404)
    at(world, 1_716_400_002_000)
    const restored = await token.request('POST', `${repo}/tag/v/restore`, { manifest_digest: D })
    expect([restored.status, await restored.json()]).toEqual([200, {}])
    const { tags } = await token.get<List>(`${repo}/tag/`)
    expect(tags.map((tag) => [tag.start_ts, tag.end_ts, tag.reversion])).toEqual([
      [1_716_400_002, undefined, true],
      [1_716_324_069, 1_716_400_000, false],
    ])
  })

  it.each([
    {
      case: 'E4: at least an hour',
      start: 1_700_000_000_250,
      now: 1_700_000_060,
      asks: 1_700_000_120,
      end: 1_700_003_600,
    },
    { case: 'E5: as asked', start: 1_700_000_000_250, now: 1_700_000_060, asks: 1_700_086_400, end: 1_700_086_400 },
    {
      case: 'E5: a fraction is dropped',
      start: 1_700_000_000_250,
      now: 1_700_000_060,
      asks: 1_700_086_400.9,
      end: 1_700_086_400,
    },
    {
      case: 'at most 104 weeks',
      start: 1_700_000_000_250,
      now: 1_700_000_060,
      asks: 1_900_000_000,
      end: 1_762_899_200,
    },
    {
      case: 'E6: never into the past',
      start: 1_600_000_000_000,
      now: 1_700_000_000,
      asks: 1_700_100_000,
      end: undefined,
    },
    { case: 'refuses the past', start: 1_700_000_000_250, now: 1_700_000_060, asks: 1_700_000_060, end: undefined },
    {
      case: 'refuses what no clock reaches',
      start: 1_700_000_000_250,
      now: 1_700_000_060,
      asks: 1e30,
      end: undefined,
    },
  ])('$case', async ({ start, now, asks, end }) => {
    const { world, token } = await longLived()
    at(world, start)
    await world.point('acme/app', { v: await world.image('acme/app') })
    at(world, now * 1000)
    const response = await token.request('PUT', `${repo}/tag/v`, { expiration: asks })
    expect(response.status).toBe(end === undefined ? 400 : 201)
    const [tag] = (await token.get<List>(`${repo}/tag/`)).tags
    expect(tag?.end_ts).toBe(end)
    expect(await world.events()).toHaveLength(end === undefined ? 0 : 1)
  })

  it('E8: forgets every dead meaning, each with an end of its own', async () => {
    const { world, token } = await longLived({ FEATURE_PERMANENTLY_DELETE_TAGS: true })
    at(world, 1_749_998_000_000)
    const D = await world.image('acme/app')
    await world.point('acme/app', { v1: D })
    at(world, 1_749_999_000_000)
    await world.point('acme/app', { v1: D })
    at(world, 1_749_999_500_000)
    await token.request('DELETE', `${repo}/tag/v1`)
    at(world, 1_750_000_000_000)
    const forget = () => token.request('POST', `${repo}/tag/v1/expire`, { manifest_digest: D })
    const first = await forget()
    expect([first.status, await first.json()]).toEqual([200, ''])
    const { history } = await world.tags('acme/app')
    expect(history.map(({ endedAt }) => endedAt?.getTime())).toEqual([1_748_790_399_999, 1_748_790_399_998])
    expect((await world.events()).at(-1)?.metadata).toMatchObject({
      username: 'alice',
      repo: 'app',
      namespace: 'acme',
      tag: 'v1',
      manifest_digest: D,
    })
    expect((await forget()).status).toBe(404)
    const vague = await token.request('POST', `${repo}/tag/v1/expire`, {})
    expect([vague.status, await vague.json()]).toMatchObject([
      400,
      { detail: 'manifest_digest required when is_alive set to false' },
    ])
    expect((await token.request('POST', `${repo}/tag/v1/expire`, { manifest_digest: unknown })).status).toBe(404)
  })

  it('E11: later starts first, names in order', async () => {
    const world = await createWorld()
    const D = await world.image('acme/app')
    await world.point('acme/app', { b: D, a: D })
    world.tick(1)
    await world.point('acme/app', { z: D })
    expect((await list(world)).tags.map(({ name }) => name)).toEqual(['z', 'a', 'b'])
  })
})

describe('listRepoTags', () => {
  const seeded = async () => {
    const world = await createWorld()
    const D = await world.image('acme/app')
    for (const name of ['v1', 'v2', 'v3', 'dev', 'prev', 'prod', 'main', 'x', 'y', 'z']) {
      world.tick(1000)
      await world.point('acme/app', { [name]: D })
    }
    return world
  }
  it.each([
    { query: 'filter_tag_name=like:v', count: 5 },
    { query: 'filter_tag_name=like:V', count: 5 },
    { query: 'filter_tag_name=like:_rod', count: 1 },
    { query: 'filter_tag_name=eq:prod', count: 1 },
    { query: 'filter_tag_name=other:prod', count: 10 },
    { query: `filter_tag_name=like:${'v'.repeat(200)}`, count: 0 },
    { query: 'specificTag=none', count: 0 },
    { query: 'limit=5', count: 5, more: true },
    { query: 'limit=5&page=2', count: 5 },
    { query: 'limit=5&page=3', count: 0, page: 3 },
    { query: 'limit=0', count: 1, more: true },
    { query: 'page=-4', count: 10, page: 1 },
  ])('$query', async ({ query, count, more = false, page }) => {
    const answer = await list(await seeded(), query)
    expect([answer.tags.length, answer.has_additional]).toEqual([count, more])
    if (page) expect(answer.page).toBe(page)
  })

  it('pages through all names, none twice', async () => {
    const world = await seeded()
    const names: string[] = []
    for (let page = 1; page <= 4; page++) {
      names.push(...(await list(world, `limit=3&page=${page}`)).tags.map(({ name }) => name))
    }
    expect(names).toEqual((await list(world)).tags.map(({ name }) => name))
  })

  it.each([
    { query: 'limit=500', length: 100, more: true },
    { query: 'limit=5&page=2', length: 5, more: true },
    { query: 'limit=100&page=2', length: 3, more: false },
  ])('of very many: $query', async ({ query, length, more }) => {
    const world = await createWorld()
    await seedTags(world, 'acme/app', 103)
    const answer = await list(world, query)
    expect(Object.keys(answer)).toEqual(['tags', 'page', 'has_additional'])
    expect([answer.tags.length, answer.page, answer.has_additional]).toEqual([
      length,
      Number(new URLSearchParams(query).get('page') ?? 1),
      more,
    ])
  })

  it('refuses a filter without its operator', async () => {
    const response = await (await createWorld()).as('carol').request('GET', `${repo}/tag/?filter_tag_name=random`)
    expect([response.status, await response.json()]).toEqual([
      400,
      { message: expect.stringMatching(/^Unsupported syntax for filter_tag_name\./) },
    ])
  })

  it('keeps the history when all tags go, and leaves the others on an image alone', async () => {
    const world = await createWorld()
    const D = await world.image('acme/app')
    await world.point('acme/app', { v: D, w: D })
    const whole = (await list(world)).tags.length
    expect((await list(world)).tags[0]).not.toHaveProperty('end_ts')
    await world.as('bob').request('DELETE', `${repo}/tag/v`)
    expect(await list(world, 'specificTag=v&onlyActiveTags=true')).toEqual({
      tags: [],
      page: 1,
      has_additional: false,
    })
    expect((await list(world, 'onlyActiveTags=true')).tags.map(({ name }) => name)).toEqual(['w'])
    await world.as('bob').request('DELETE', `${repo}/tag/w`)
    expect((await list(world)).tags).toHaveLength(whole)
  })

  it('shows every key of an index that will expire in their order', async () => {
    const world = await createWorld({ settings: { FEATURE_IMMUTABLE_TAGS: true } })
    const index = await world.image('acme/app', { children: [] })
    const expiresAt = new Date(world.clock.now.getTime() + 5_000_000)
    await world.point('acme/app', { index }, { expiresAt })
    const [tag] = (await list(world)).tags
    expect(Object.keys(tag ?? {})).toEqual(
      'name reversion immutable start_ts end_ts manifest_digest is_manifest_list size last_modified expiration is_sparse child_manifest_count present_child_count child_manifests_presence'.split(
        ' ',
      ),
    )
    expect(tag).toMatchObject({
      is_sparse: false,
      child_manifest_count: 0,
      present_child_count: 0,
      child_manifests_presence: {},
    })
  })

  it.each([
    { here: [true, false, false], sparse: true, count: 3, present: 1 },
    { here: [true, true], sparse: false, count: 2, present: 2 },
    { here: [false], sparse: true, count: 1, present: 0 },
  ])('counts the children of an index: $here', async ({ here, sparse, count, present }) => {
    const world = await createWorld()
    const children = here.map((isHere, i) => ({ digest: `sha256:${String(i).repeat(64)}`, present: isHere }))
    const index = await world.image('acme/app', { children: children.map(({ digest }) => digest) })
    await world.store.batch([world.store.update(manifest).set({ children })])
    await world.point('acme/app', { index })
    expect((await list(world)).tags[0]).toMatchObject({
      is_sparse: sparse,
      child_manifest_count: count,
      present_child_count: present,
      child_manifests_presence: Object.fromEntries(children.map((child) => [child.digest, child.present])),
    })
  })

  it('says which children of an index are here', async () => {
    const world = await createWorld()
    const child = await world.image('acme/app')
    const index = await world.image('acme/app', { children: [child, unknown] })
    await world.store.batch([
      world.store
        .update(manifest)
        .set({
          children: [
            { digest: child, present: true },
            { digest: unknown, present: false },
          ],
        })
        .where(sql`digest = ${index}`),
    ])
    await world.point('acme/app', { plain: child, index })
    const { tags } = await list(world)
    expect(tags.find(({ name }) => name === 'index')).toMatchObject({
      is_manifest_list: true,
      size: null,
      is_sparse: true,
      child_manifest_count: 2,
      present_child_count: 1,
      child_manifests_presence: { [child]: true, [unknown]: false },
    })
    expect(Object.keys(tags.find(({ name }) => name === 'plain') ?? {})).toEqual([
      'name',
      'reversion',
      'start_ts',
      'manifest_digest',
      'is_manifest_list',
      'size',
      'last_modified',
    ])
  })
})

describe('changing tags', () => {
  it.each([
    { method: 'PUT', path: 'tag/-x', body: { manifest_digest: unknown }, status: 400 },
    { method: 'POST', path: 'tag/-x/restore', status: 200 },
    { method: 'DELETE', path: 'tag/-x', status: 404 },
  ])(
    '$method $path asks for a good name only where a tag is made or changed',
    async ({ method, path, body, status }) => {
      const world = await createWorld()
      const D = await world.image('acme/app')
      const response = await world
        .as('bob')
        .request(method, `${repo}/${path}`, body ?? (method === 'POST' ? { manifest_digest: D } : undefined))
      expect(response.status).toBe(status)
    },
  )

  it('forgets in a repository that takes no changes', async () => {
    const world = await createWorld({ settings: { FEATURE_PERMANENTLY_DELETE_TAGS: true } })
    await world.point('acme/app', { v: await world.image('acme/app') })
    await world.store.batch([world.store.update(repository).set({ state: 'READ_ONLY' }).where(sql`name = 'app'`)])
    const response = await world.as('bob').request('POST', `${repo}/tag/v/expire`, { is_alive: true })
    expect([response.status, await response.json()]).toEqual([200, ''])
    expect((await world.tags('acme/app')).live).toEqual([])
  })

  it.each(['-x', '.x', 'x'.repeat(129), '北京', 'a b', 'x%00'])('refuses the name %s', async (name) => {
    const world = await createWorld()
    const D = await world.image('acme/app')
    await world.point('acme/app', { v: D })
    const response = await put(world, encodeURIComponent(name), { manifest_digest: D })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ message: expect.stringMatching(/^Invalid tag: must match/) })
    expect((await world.tags('acme/app')).history).toHaveLength(1)
  })

  it.each(['READ_ONLY', 'MIRROR', 'ORG_MIRROR'] as const)(
    'waits until a repository takes changes: %s',
    async (state) => {
      const world = await createWorld()
      const D = await world.image('acme/app')
      await world.point('acme/app', { v: D })
      await world.store.batch([world.store.update(repository).set({ state }).where(sql`name = 'app'`)])
      const number = { READ_ONLY: 1, MIRROR: 2, ORG_MIRROR: 4 }[state]
      for (const [method, path, body] of [
        ['PUT', 'tag/none', {}],
        ['PUT', 'tag/v', { manifest_digest: 5 }],
        ['DELETE', 'tag/none'],
        ['POST', 'tag/none/restore', {}],
        ['POST', `manifest/${D}/labels`, {}],
        ['DELETE', `manifest/${D}/labels/none`],
      ] as const) {
        const response = await world.as('bob').request(method, `${repo}/${path}`, body)
        expect([response.status, await response.json()]).toEqual([
          503,
          { message: `Repository is in read only or mirror mode: ${number}` },
        ])
      }
    },
  )

  it.each([
    { body: () => ({}), status: 201, says: 'Updated' },
    { body: () => ({ expiration: null }), status: 201, says: 'Updated' },
    { body: (now: number) => ({ expiration: now + 7200 }), status: 201, says: 'Updated' },
    { body: () => ({ immutable: true }), status: 201, says: 'Updated' },
    { body: () => ({ expiration: 'soon' }), status: 400, says: { title: 'invalid_request' } },
    { body: (now: number) => ({ expiration: now }), status: 400, says: { message: expect.any(String) } },
    { body: () => ({ manifest_digest: null }), status: 404, says: { title: 'not_found' } },
  ])('answers $status $says', async ({ body, status, says }) => {
    const world = await createWorld({ settings: { FEATURE_IMMUTABLE_TAGS: true } })
    await world.point('acme/app', { v: await world.image('acme/app') })
    const response = await put(world, 'v', body(Math.floor(world.clock.now.getTime() / 1000)))
    expect(response.status).toBe(status)
    const answer = await response.json()
    if (typeof says === 'string') expect(answer).toBe(says)
    else expect(answer).toMatchObject(says)
  })

  it.each([
    { body: {}, status: 400, says: { detail: 'Missing manifest_digest' } },
    { body: { manifest_digest: null }, status: 400, says: { detail: "None is not of type 'string'" } },
    { body: { manifest_digest: 'nonsense' }, status: 404, says: { title: 'not_found' } },
    { tag: 'none', body: { manifest_digest: 'nonsense' }, status: 404, says: { title: 'not_found' } },
  ])('restores $tag to $body.manifest_digest: $status', async ({ tag = 'v', body, status, says }) => {
    const world = await createWorld()
    await world.point('acme/app', { v: await world.image('acme/app') })
    const response = await world.as('bob').request('POST', `${repo}/tag/${tag}/restore`, body)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject(says)
    expect((await world.tags('acme/app')).history).toHaveLength(1)
  })

  it('lets an immutable tag expire where the registry says so', async () => {
    const world = await createWorld({
      settings: { FEATURE_IMMUTABLE_TAGS: true, FEATURE_IMMUTABLE_TAGS_CAN_EXPIRE: true },
    })
    await world.point('acme/app', { v: await world.image('acme/app') })
    const expiration = Math.floor(world.clock.now.getTime() / 1000) + 7200
    await world.arrange('bob', [`PUT ${repo}/tag/v`, { immutable: true }], [`PUT ${repo}/tag/v`, { expiration }])
    expect((await list(world)).tags[0]).toMatchObject({ immutable: true, end_ts: expiration })
  })

  it.each([
    { does: 'overwrite', method: 'PUT', path: 'tag/v' },
    { does: 'overwrite', method: 'POST', path: 'tag/v/restore' },
    { does: 'delete', method: 'DELETE', path: 'tag/v' },
  ])('cannot $does an immutable tag by $method', async ({ does, method, path }) => {
    const world = await createWorld({ settings: { FEATURE_IMMUTABLE_TAGS: true } })
    const D = await world.image('acme/app')
    await world.point('acme/app', { v: D })
    await put(world, 'v', { immutable: true })
    const body = method === 'DELETE' ? undefined : { manifest_digest: D }
    const response = await world.as('alice').request(method, `${repo}/${path}`, body)
    expect([response.status, await response.json()]).toMatchObject([
      409,
      { detail: `Cannot ${does} immutable tag 'v'`, error_type: 'tag_immutable', title: 'tag_immutable' },
    ])
  })

  it('tells an immutable tag by its own error type, and only while the feature is on', async () => {
    const on = await createWorld({ settings: { FEATURE_IMMUTABLE_TAGS: true } })
    await on.point('acme/app', { v: await on.image('acme/app') })
    await put(on, 'v', { immutable: true })
    const refused = await on.as('alice').request('DELETE', `${repo}/tag/v`)
    expect([refused.status, await refused.json()]).toMatchObject([
      409,
      { detail: "Cannot delete immutable tag 'v'", error_type: 'tag_immutable', title: 'tag_immutable', status: 409 },
    ])
    const off = await createWorld()
    await off.point('acme/app', { v: await off.image('acme/app') })
    expect((await put(off, 'v', { immutable: true })).status).toBe(201)
    await off.store.run(sql`update tag set immutable = 1`)
    await off.store.run(sql`update tag_revision set immutable = 1`)
    expect((await off.as('bob').request('DELETE', `${repo}/tag/v`)).status).toBe(204)
  })

  it('writes what happened into the log', async () => {
    const world = await createWorld({ settings: { FEATURE_IMMUTABLE_TAGS: true } })
    const D = await world.image('acme/app')
    await world.point('acme/app', { v: D })
    const soon = Math.floor(world.clock.now.getTime() / 1000) + 7200
    await put(world, 'v', { expiration: soon })
    await put(world, 'v', { expiration: soon })
    await put(world, 'v', { expiration: null })
    await put(world, 'v', { immutable: true })
    await world.as('alice').request('PUT', `${repo}/tag/v`, { immutable: false })
    await put(world, 'v', { manifest_digest: D })
    await put(world, 'w', { manifest_digest: D })
    await world.as('bob').request('POST', `${repo}/tag/v/restore`, { manifest_digest: D })
    await world.as('bob').request('DELETE', `${repo}/tag/v`)
    const said = (await world.events()).map(({ kind, metadata }) => {
      const { oauth_token_id, oauth_token_application_id, oauth_token_application, ...rest } = metadata
      return [kind, rest]
    })
    const common = { username: 'bob', repo: 'app', tag: 'v', namespace: 'acme' }
    const planned = soon * 1000 + 250
    expect(said).toEqual([
      ['change_tag_expiration', { ...common, expiration_date: soon, old_expiration_date: null }],
      ['change_tag_expiration', { ...common, expiration_date: soon, old_expiration_date: null }],
      ['change_tag_expiration', { ...common, expiration_date: null, old_expiration_date: planned }],
      ['change_tag_immutability', { ...common, immutable: true, previous_immutable: false }],
      ['change_tag_immutability', { ...common, username: 'alice', immutable: false, previous_immutable: true }],
      ['move_tag', { ...common, manifest_digest: D, original_manifest_digest: D }],
      ['create_tag', { ...common, tag: 'w', manifest_digest: D, original_manifest_digest: null }],
      ['revert_tag', { username: 'bob', repo: 'app', tag: 'v', manifest_digest: D }],
      ['delete_tag', common],
    ])
  })

  it('lets Cosign’s tags go with the last tag on their image, unless they are immutable', async () => {
    const world = await createWorld({ settings: { FEATURE_IMMUTABLE_TAGS: true } })
    const D = await world.image('acme/app', { layers: ['image'] })
    const S = await world.image('acme/app', { layers: ['signature'] })
    const [sig, att] = ['sig', 'att'].map((suffix) => `${D.replace(':', '-')}.${suffix}`) as [string, string]
    await world.point('acme/app', { v: D, w: D, [sig]: S, [att]: S })
    await put(world, att, { immutable: true })
    const names = async () => (await world.tags('acme/app')).live.map(({ name }) => name).sort()
    await world.as('bob').request('DELETE', `${repo}/tag/v`)
    expect(await names()).toEqual([att, sig, 'w'].sort())
    await world.as('bob').request('DELETE', `${repo}/tag/w`)
    expect(await names()).toEqual([att])
  })

  it('lets an image stay when its Cosign tags go', async () => {
    const world = await createWorld()
    const D = await world.image('acme/app', { layers: ['image'] })
    const S = await world.image('acme/app', { layers: ['signature'] })
    const sbom = `${D.replace(':', '-')}.sbom`
    await world.point('acme/app', { v: D, [sbom]: S })
    await world.as('bob').request('DELETE', `${repo}/tag/${sbom}`)
    expect((await world.tags('acme/app')).live.map(({ name }) => name)).toEqual(['v'])
  })

  it('lets two writers race and leaves no gap and no overlap', async () => {
    const world = await createWorld()
    const [A, B] = await Promise.all(['a', 'b'].map((layer) => world.image('acme/app', { layers: [layer] })))
    await world.point('acme/app', { v: A as string, keepsA: A as string, keepsB: B as string })
    const racers = Array.from({ length: 6 }, (_, i) =>
      put(world, 'v', { manifest_digest: i % 2 ? A : B }, i % 3 ? 'bob' : 'alice'),
    )
    const statuses = (await Promise.all(racers)).map(({ status }) => status)
    expect(statuses.every((status) => status === 201 || status === 400)).toBe(true)
    const moves = statuses.filter((status) => status === 201).length
    const rows = (await world.tags('acme/app')).history.filter(({ name }) => name === 'v')
    expect(rows).toHaveLength(1 + moves)
    expect(await world.events()).toHaveLength(moves)
    expect(rows.slice(0, -1).map(({ endedAt }) => endedAt)).toEqual(rows.slice(1).map(({ startedAt }) => startedAt))
    expect(rows.at(-1)?.endedAt).toBeNull()
  })
})

describe('getTagPullStatistics', () => {
  it('counts from nought, and is there with its feature alone', async () => {
    const path = `${repo}/tag/v/pull_statistics`
    const world = await createWorld({ settings: { FEATURE_IMAGE_PULL_STATS: true } })
    const D = await world.image('acme/app')
    await world.point('acme/app', { v: D })
    const counts = await world.as('carol').get(path)
    expect(Object.entries(counts)).toEqual([
      ['tag_name', 'v'],
      ['tag_pull_count', 0],
      ['last_tag_pull_date', null],
      ['current_manifest_digest', D],
      ['manifest_pull_count', 0],
      ['last_manifest_pull_date', null],
    ])
    expect((await world.as('carol').request('GET', `${repo}/tag/none/pull_statistics`)).status).toBe(404)
    const without = await createWorld()
    await without.point('acme/app', { v: await without.image('acme/app') })
    // Then the path names a repository, which is missing, and only its namespace's owner may know that.
    expect((await without.as('alice').request('GET', path)).status).toBe(404)
    expect((await without.as('carol').request('GET', path)).status).toBe(403)
  })
})

describe('what was counted of a tag', () => {
  const settings = { FEATURE_IMAGE_PULL_STATS: true, FEATURE_PERMANENTLY_DELETE_TAGS: true }
  it('tells of the image that was pulled last, and goes with the tag', async () => {
    const world = await createWorld({ settings })
    const D = await world.image('acme/app')
    await world.point('acme/app', { v: D })
    const row = { repositoryId: await world.repositoryId('acme/app'), name: 'v', digest: unknown, count: 3 }
    await world.store.batch([world.store.insert(tagPulls).values({ ...row, lastPulledAt: world.clock.now })])
    expect(await world.as('carol').get(`${repo}/tag/v/pull_statistics`)).toMatchObject({
      tag_pull_count: 3,
      last_tag_pull_date: 'Sun, 01 Mar 2026 12:00:00 -0000',
      current_manifest_digest: unknown,
    })
    await world.arrange('bob', [`POST ${repo}/tag/v/expire`, { is_alive: true }])
    const [left] = await world.store.batch([world.store.select().from(tagPulls)])
    expect(left).toEqual([])
    await world.point('acme/app', { v: D })
    expect(await world.as('carol').get(`${repo}/tag/v/pull_statistics`)).toMatchObject({
      tag_pull_count: 0,
      last_tag_pull_date: null,
      current_manifest_digest: D,
    })
  })

  it('stays where a namespace has no time machine to forget from', async () => {
    const world = await createWorld({ settings })
    const D = await world.image('acme/app')
    await world.point('acme/app', { v: D, keeps: D })
    await world.arrange('bob', `DELETE ${repo}/tag/v`)
    await world.store.batch([world.store.update(account).set({ tagExpirationSeconds: 0 })])
    world.tick(1000)
    const response = await world.as('bob').request('POST', `${repo}/tag/v/expire`, { manifest_digest: D })
    expect([response.status, (await world.events()).length]).toEqual([404, 1])
  })
})

describe('expireTags', () => {
  it('takes away what has expired, once, in steps, and leaves the history to tell of it', async () => {
    const world = await createWorld()
    const D = await world.image('acme/app')
    const expiresAt = new Date(world.clock.now.getTime() + 5000)
    await world.point('acme/app', { a: D, b: D, c: D }, { expiresAt })
    await world.point('acme/app', { stays: D })
    expect(await expireTags(world.services)).toBe(0)
    world.tick(6000)
    expect(await expireTags(world.services, { tags: 2, steps: 1 })).toBe(2)
    expect(await expireTags(world.services)).toBe(1)
    expect(await expireTags(world.services)).toBe(0)
    const { live, history } = await world.tags('acme/app')
    expect(live.map(({ name }) => name)).toEqual(['stays'])
    expect(history.filter(({ endedAt }) => endedAt?.getTime() === expiresAt.getTime())).toHaveLength(3)
    const [[row]] = await world.store.batch([
      world.store.select({ tagCount: repository.tagCount }).from(repository).where(sql`name = 'app'`),
    ])
    expect(row?.tagCount).toBe(1)
    expect(await world.events()).toEqual([])
  })
})
