import { describe, expect, it } from 'vitest'
import { createSwrWorld, manage, type SwrWorld } from '../../support/swrWorld.ts'
import type { Person } from '../../support/world.ts'

const ns = `${manage}/namespaces`
const repo = `${ns}/group/repos/busybox`

interface Step {
  as?: Person | 'nobody'
  call: string
  body?: unknown
  status: number
  code?: string
  /** What the answer's body holds; `{}` is exactly that. */
  answer?: unknown
}

/** A request, as `METHOD path`; the body of every answer is checked for what all answers have in common. */
async function perform(world: SwrWorld, { as = 'alice', call, body, status, code, answer }: Step) {
  const [method = '', path = ''] = call.split(' ')
  const response = await world.swr(as).request(method, path.startsWith('/') ? path : `${manage}/${path}`, body)
  const text = await response.text()
  expect(`${call} ${response.status} ${response.status >= 400 ? text : ''}`).toContain(`${call} ${status} `)
  expect(response.headers.get('x-request-id')).toMatch(/^\w+$/)
  if (status === 204) expect(text).toBe('')
  const parsed = text === '' ? undefined : (JSON.parse(text) as unknown)
  if (code) {
    expect(parsed).toMatchObject({
      errors: [{ errorCode: `SVCSTG.SWR.${code}` }],
      error_code: `SVCSTG.SWR.${code}`,
      details: [{ error_code: `SVCSTG.SWR.${code}` }],
    })
  }
  if (answer !== undefined) expect(parsed).toEqual(answer)
  return { parsed, headers: response.headers }
}

async function run(world: SwrWorld, steps: Step[]) {
  for (const step of steps) await perform(world, step)
}

const image = { repository: 'team/app', is_public: false }
const userOf = async (world: SwrWorld, who: Person, auth: number) => {
  const [row] = (await world.store.all(`select swr_id from account where username = '${who}'`)) as { swr_id: string }[]
  return { user_id: row?.swr_id ?? '', user_name: who, auth }
}
const quayRole = async (world: SwrWorld, who: Person) => {
  const path = '/api/v1/repository/group/busybox/permissions/user/'
  const { permissions } = await world.as('alice').get<{ permissions: Record<string, { role: string }> }>(path)
  return permissions[who]?.role
}

describe('namespaces', () => {
  it.each(['a', 'a__b', 'a--b', 'a.b-c', 'x'.repeat(64)])('O04 creates %s', async (namespace) => {
    await run(await createSwrWorld(), [{ call: 'POST namespaces', body: { namespace }, status: 201, answer: {} }])
  })
  it.each(['1a', 'A', 'a___b', 'a.-b', 'a-', 'x'.repeat(65), ''])('O04 refuses %s', async (namespace) => {
    const world = await createSwrWorld()
    const before = (await world.events()).length
    await run(world, [{ call: 'POST namespaces', body: { namespace }, status: 400, code: '4001028' }])
    expect(await world.events()).toHaveLength(before)
  })

  it('O05 O06 O34 creates, lists, shows and deletes', async () => {
    const world = await createSwrWorld({ settings: { SWR_NAMESPACE_QUOTA: 2 } })
    const own = { id: expect.any(Number), name: 'one', creator_name: 'dave', auth: 7 }
    await run(world, [
      { as: 'dave', call: 'POST namespaces', body: { namespace: 'one' }, status: 201, answer: {} },
      { as: 'dave', call: 'POST namespaces', body: { namespace: 'one' }, status: 409, code: '4090060' },
      { as: 'dave', call: 'POST namespaces', body: { namespace: 'bob' }, status: 409, code: '4090060' },
      { as: 'dave', call: 'POST namespaces', body: { namespace: 'two' }, status: 201 },
      { as: 'dave', call: 'POST namespaces', body: { namespace: 'three' }, status: 400, code: '4000097' },
      { as: 'dave', call: 'POST namespaces', body: {}, status: 400, code: '4001014' },
      { as: 'dave', call: 'POST namespaces', body: 'nonsense', status: 400, code: '4001018' },
      { as: 'dave', call: 'POST namespaces', body: [], status: 400, code: '4001018' },
      { as: 'dave', call: 'GET namespaces/one', status: 200, answer: own },
      {
        as: 'dave',
        call: 'GET namespaces?namespace=one',
        status: 200,
        answer: { namespaces: [{ ...own, access_user_count: 1, repo_count: 0 }] },
      },
      {
        as: 'dave',
        call: 'GET namespaces?filter=namespace::one&namespace=two',
        status: 200,
        answer: expect.anything(),
      },
      { as: 'dave', call: 'GET namespaces?namespace=nope', status: 200, answer: { namespaces: [] } },
      { as: 'dave', call: 'GET namespaces?filter=mode::all', status: 400, code: '4000014' },
      { as: 'carol', call: 'GET namespaces/one', status: 404, code: '4040058' },
      { as: 'carol', call: 'DELETE namespaces/one', status: 404, code: '4040058' },
      { as: 'dave', call: 'POST namespaces/one/repos', body: image, status: 200, answer: {} },
      { as: 'dave', call: 'DELETE namespaces/one', status: 406, code: '4060074' },
      { as: 'dave', call: 'DELETE namespaces/one/repos/team$app', status: 204 },
      { as: 'dave', call: 'DELETE namespaces/one', status: 204 },
      { as: 'dave', call: 'GET namespaces/one', status: 404, code: '4040058' },
      { as: 'nobody', call: 'GET namespaces', status: 401, code: '4010000' },
    ])
  })

  it('O07 shows a namespace where only an image is granted in the visible mode alone', async () => {
    const world = await createSwrWorld()
    const names = async (query: string) => {
      const { parsed } = await perform(world, { as: 'carol', call: `GET namespaces${query}`, status: 200 })
      return (parsed as { namespaces: { name: string; auth: number }[] }).namespaces.map((n) => `${n.name} ${n.auth}`)
    }
    expect(await names('')).toEqual(['carol 7', 'acme 1'])
    expect(await names('?filter=mode::visible')).toEqual(['carol 7', 'acme 1', 'group 0'])
  })
})

describe('repositories', () => {
  it('O08 to O10, O14 creates, shows and changes', async () => {
    const world = await createSwrWorld()
    const at = 'namespaces/group/repos'
    await run(world, [
      { call: `POST ${at}`, body: { ...image, category: 'arms', description: 'x' }, status: 200, answer: {} },
      { call: `POST ${at}`, body: { ...image, repository: 'team$app' }, status: 409, code: '4090006' },
      { call: `POST ${at}`, body: { repository: 'b' }, status: 400, code: '4001014' },
      { call: `POST ${at}`, body: { repository: 'b', is_public: 'true' }, status: 400, code: '4000014' },
      { call: `POST ${at}`, body: { ...image, category: 'foo' }, status: 400, code: '4000014' },
      { call: `POST ${at}`, body: { ...image, repository: 'a___b' }, status: 400, code: '4001029' },
      { call: `POST ${at}`, body: { ...image, description: 'x'.repeat(30_001) }, status: 413, code: '4131012' },
      { call: 'POST namespaces/nope/repos', body: image, status: 404, code: '4040058' },
      { as: 'carol', call: 'POST namespaces/acme/repos', body: image, status: 403, code: '4030170' },
      {
        call: `GET ${at}/team%2Fapp`,
        status: 200,
        answer: {
          id: expect.any(Number),
          ns_id: expect.any(Number),
          name: 'team/app',
          category: 'arms',
          description: 'x',
          creator_id: expect.stringMatching(/^[0-9a-f]{32}$/),
          creator_name: 'alice',
          size: 0,
          is_public: false,
          num_images: 0,
          num_download: 0,
          url: '',
          path: 'registry.test/group/team/app',
          internal_path: 'registry.test/group/team/app',
          created: '2026-03-01T12:00:00Z',
          updated: '2026-03-01T12:00:00Z',
          domain_id: expect.stringMatching(/^[0-9a-f]{32}$/),
          priority: 0,
        },
      },
      { call: `PATCH ${at}/team$app`, body: { is_public: true, category: 'arm' }, status: 201, answer: {} },
      { call: `PATCH ${at}/team$app`, body: { category: 'linux' }, status: 400, code: '4001014' },
      { call: `PATCH ${at}/nope`, body: { is_public: true }, status: 404, code: '4040113' },
      { as: 'carol', call: `PATCH ${at}/busybox`, body: { is_public: false }, status: 403, code: '4030170' },
      { as: 'dave', call: `GET ${at}/busybox`, status: 404, code: '4040113' },
      { as: 'dave', call: `DELETE ${at}/team$app`, status: 403, code: '4030170' },
      { call: `DELETE ${at}/team$app`, status: 204 },
      { call: `GET ${at}/team$app`, status: 404, code: '4040113' },
    ])
  })

  it('O15 shows what Quay changes, and has Quay show what it changes', async () => {
    const world = await createSwrWorld()
    const quay = '/api/v1/repository/group/busybox'
    await run(world, [{ call: `PATCH ${repo}`, body: { is_public: true, description: 'new' }, status: 201 }])
    expect(await world.as('alice').get(quay)).toMatchObject({ is_public: true, description: 'new' })
    await world.as('alice').request('POST', `${quay}/changevisibility`, { visibility: 'private' })
    const { parsed } = await perform(world, { call: `GET ${repo}`, status: 200 })
    expect(parsed).toMatchObject({ is_public: false, description: 'new', category: 'other' })
  })

  it('O11 to O13 lists what the caller reaches', async () => {
    const world = await createSwrWorld()
    await world.createRepository('group/tools/b', { isPublic: true })
    await world.seedTags('group/tools/b', 3)
    const list = async (query: string, as: Person = 'carol') => {
      const { parsed, headers } = await perform(world, { as, call: `GET repos${query}`, status: 200 })
      const rows = parsed as { namespace: string; name: string; total_range: number; tags: string[] }[]
      const range = headers.get('content-range')
      for (const { total_range: total } of rows) expect(range).toMatch(new RegExp(`/${total}$`))
      return { names: rows.map(({ namespace, name }) => `${namespace}/${name}`), range, rows }
    }
    expect((await list('')).names.sort()).toEqual(['acme/app', 'acme/pub', 'group/busybox', 'group/tools/b'])
    expect(await list('?filter=namespace::group|offset::0|limit::1')).toMatchObject({ range: '0-1/2' })
    expect((await list('?name=tools$b')).names).toEqual(['group/tools/b'])
    expect((await list('?name=tools$b')).rows[0]).toEqual({
      name: 'tools/b',
      category: 'other',
      description: '',
      size: 0,
      is_public: true,
      num_images: 3,
      num_download: 0,
      created_at: expect.stringMatching(/Z$/),
      updated_at: expect.stringMatching(/Z$/),
      logo: '',
      url: '',
      path: 'registry.test/group/tools/b',
      internal_path: 'registry.test/group/tools/b',
      domain_name: 'quayside',
      namespace: 'group',
      tags: ['t03', 't02', 't01'],
      status: false,
      total_range: 1,
    })
    expect((await list('?filter=name::busy&namespace=acme')).names).toEqual(['group/busybox'])
    expect((await list('?is_public=true&order_column=name&order_type=asc')).names).toEqual([
      'acme/pub',
      'group/tools/b',
    ])
    expect((await list('?order_column=tag_count&order_type=desc')).names[0]).toBe('group/tools/b')
    expect((await list('', 'dave')).names).toEqual([])
    expect((await list('?offset=10&limit=5')).range).toBe('10-0/4')
    for (const [query, code] of [
      ['?order_column=num_images', '4001096'],
      ['?category=foo', '4000014'],
      ['?is_public=yes', '4000014'],
      ['?filter=center::thirdparty', '4001035'],
      ['?limit=0', '4000056'],
    ] as const) {
      await perform(world, { as: 'carol', call: `GET repos${query}`, status: 400, code })
    }
    expect((await list('?filter=center::self|namespace::acme')).names).toHaveLength(2)
  })
})

describe('tags', () => {
  it('O16 to O18, O35 shows, copies and deletes', async () => {
    const world = await createSwrWorld()
    const a = await world.image('group/busybox', { layers: ['a'] })
    const b = await world.image('group/busybox', { layers: ['b'] })
    await world.point('group/busybox', { a, b })
    const copy = (source_tag: string, destination_tag: string, override?: boolean) => ({
      source_tag,
      destination_tag,
      ...(override !== undefined && { override }),
    })
    await run(world, [
      { call: `POST ${repo}/tags`, body: copy('a', 'c'), status: 201, answer: {} },
      { call: `POST ${repo}/tags`, body: copy('a', 'c'), status: 409, code: '4090006' },
      { call: `POST ${repo}/tags`, body: copy('a', 'a'), status: 409, code: '4090006' },
      { call: `POST ${repo}/tags`, body: copy('b', 'c', true), status: 201 },
      { call: `POST ${repo}/tags`, body: copy('b', 'b', true), status: 201 },
      { call: `POST ${repo}/tags`, body: copy('nope', 'd'), status: 404, code: '4040115' },
      { call: `POST ${repo}/tags`, body: { source_tag: 'a' }, status: 400, code: '4001014' },
      { call: `POST ${repo}/tags`, body: copy('a', '.x'), status: 400, code: '4009021' },
      { as: 'carol', call: `POST ${repo}/tags`, body: copy('a', 'd'), status: 403, code: '4030170' },
      { call: `GET ${repo}/tags/nope`, status: 404, code: '4040115' },
      { call: `PUT ${repo}/tags`, status: 405, code: '4050000' },
    ])
    const { parsed } = await perform(world, { as: 'carol', call: `GET ${repo}/tags/c`, status: 200 })
    expect(Object.keys(parsed as object).join(' ')).toBe(
      'id repo_id tag image_id manifest digest schema path internal_path size is_trusted created updated domain_id tag_type',
    )
    expect(parsed).toMatchObject({ tag: 'c', digest: b, repo_id: await world.repositoryId('group/busybox') })
    const history = await world
      .as('alice')
      .get<{ tags: { manifest_digest: string }[] }>('/api/v1/repository/group/busybox/tag/?specificTag=c')
    expect(history.tags.map((row) => row.manifest_digest)).toEqual([b, a])

    await world.store.run(
      `update repository_grant set role = 2 where account_id = (select id from account where username = 'carol')`,
    )
    const put = await world.swr('alice').request('PUT', `${repo}/tags`)
    expect(put.headers.get('allow')).toBe('GET, POST')
    await run(world, [
      { as: 'carol', call: `DELETE ${repo}/tags/c`, status: 403, code: '4030170' },
      { call: `DELETE ${repo}/tags/c`, status: 204 },
      { call: `DELETE ${repo}/tags/c`, status: 404, code: '4040115' },
      { call: `GET ${repo}/tags/b`, status: 200 },
    ])
  })
})

describe('grants', () => {
  it('O19 to O21 on a repository', async () => {
    const world = await createSwrWorld()
    const bob = await userOf(world, 'bob', 7)
    const dave = await userOf(world, 'dave', 3)
    const at = `${repo}/access`
    await run(world, [
      { call: `POST ${at}`, body: [bob, { ...dave, user_name: 'other' }], status: 400, code: '4001067' },
      { as: 'bob', call: `GET ${repo}`, status: 404, code: '4040113' },
      { call: `POST ${at}`, body: [bob, dave], status: 201, answer: {} },
      { call: `POST ${at}`, body: [bob], status: 409, code: '4090089' },
      { call: `POST ${at}`, body: [{ ...bob, auth: 2 }], status: 400, code: '4001066' },
      { call: `POST ${at}`, body: [], status: 400, code: '4001018' },
      { call: `POST ${at}`, body: {}, status: 400, code: '4001018' },
      { call: `POST ${at}`, body: [{ ...bob, user_id: 'f'.repeat(32) }], status: 400, code: '4001067' },
      { as: 'bob', call: `PATCH ${at}`, body: [bob], status: 400, code: '4001066' },
      { as: 'dave', call: `PATCH ${at}`, body: [bob], status: 403, code: '4030170' },
    ])
    expect(await quayRole(world, 'bob')).toBe('admin')
    expect(await quayRole(world, 'dave')).toBe('write')
    await run(world, [{ call: `PATCH ${at}`, body: [{ ...bob, auth: 1 }], status: 201, answer: {} }])
    expect(await quayRole(world, 'bob')).toBe('read')
    const id = await world.repositoryId('group/busybox')
    await run(world, [
      {
        as: 'bob',
        call: `GET ${at}`,
        status: 200,
        answer: { id, name: 'busybox', self_auth: { ...bob, auth: 1 }, others_auths: [] },
      },
      {
        call: `GET ${at}`,
        status: 200,
        answer: {
          id,
          name: 'busybox',
          self_auth: await userOf(world, 'alice', 7),
          others_auths: [await userOf(world, 'carol', 1), { ...bob, auth: 1 }, dave],
        },
      },
      { call: `DELETE ${at}`, body: [bob.user_id, dave.user_id], status: 204 },
      { call: `DELETE ${at}`, body: [bob.user_id], status: 404, code: '4040091' },
    ])
    expect(await quayRole(world, 'bob')).toBeUndefined()
  })

  it('O19 O21 on a namespace', async () => {
    const world = await createSwrWorld()
    const bob = await userOf(world, 'bob', 3)
    const dave = await userOf(world, 'dave', 1)
    const at = 'namespaces/group/access'
    await run(world, [
      { call: `POST ${at}`, body: [bob, dave], status: 200, answer: {} },
      { call: `POST ${at}`, body: [bob], status: 409, code: '4090076' },
      { as: 'dave', call: `GET ${repo}`, status: 200 },
      { as: 'dave', call: `GET ${at}`, status: 200 },
      { as: 'bob', call: 'POST namespaces/group/repos', body: image, status: 200 },
      { as: 'dave', call: 'GET namespaces/group/repos/team$app', status: 200 },
      // Level 3 on the namespace may grant on its images, level 1 may not.
      { as: 'bob', call: `PATCH ${repo}/access`, body: [await userOf(world, 'carol', 3)], status: 201 },
      {
        as: 'dave',
        call: `PATCH ${repo}/access`,
        body: [await userOf(world, 'carol', 3)],
        status: 403,
        code: '4030170',
      },
      { as: 'bob', call: `PATCH ${at}`, body: [dave], status: 403, code: '4030170' },
      { call: `PATCH ${at}`, body: [{ ...dave, auth: 7 }], status: 201, answer: {} },
      { call: `PATCH ${at}`, body: [await userOf(world, 'carol', 1)], status: 404, code: '4040078' },
    ])
    const { parsed } = await perform(world, { call: `GET ${at}`, status: 200 })
    expect(parsed).toEqual({
      id: expect.any(Number),
      name: 'group',
      creator_name: 'alice',
      self_auth: await userOf(world, 'alice', 7),
      others_auths: [bob, { ...dave, auth: 7 }],
    })
    await run(world, [
      { call: `DELETE ${at}`, body: [bob.user_id], status: 204 },
      { as: 'bob', call: `GET ${repo}`, status: 404, code: '4040113' },
      { as: 'dave', call: `DELETE ${at}`, body: [(await userOf(world, 'alice', 7)).user_id], status: 204 },
      { as: 'dave', call: `DELETE ${at}`, body: [dave.user_id], status: 400, code: '4001065' },
      { as: 'dave', call: `DELETE namespaces/dave/access`, body: [bob.user_id], status: 400, code: '4000014' },
    ])
  })
})

describe('shares', () => {
  it('O22 to O24', async () => {
    const world = await createSwrWorld()
    const at = 'namespaces/group/repositories/busybox/access-domains'
    const terms = { permit: 'read', deadline: '2026-03-01T00:00:00Z' }
    await run(world, [
      {
        call: `GET ${at}/dave`,
        status: 200,
        answer: expect.objectContaining({ exist: false, status: false, deadline: '' }),
      },
      { call: `POST ${at}`, body: { access_domain: 'dave', ...terms, description: 'd' }, status: 201, answer: {} },
      { call: `POST ${at}`, body: { access_domain: 'dave', ...terms }, status: 409, code: '4090006' },
      {
        call: `POST ${at}`,
        body: { access_domain: 'bob', permit: 'write', deadline: 'forever' },
        status: 400,
        code: '4000014',
      },
      {
        call: `POST ${at}`,
        body: { access_domain: 'bob', permit: 'read', deadline: 'soon' },
        status: 400,
        code: '4000014',
      },
      {
        call: `POST ${at}`,
        body: { access_domain: 'bob', permit: 'read', deadline: '2026-02-28T23:00:00Z' },
        status: 400,
        code: '4000014',
      },
      { as: 'carol', call: `POST ${at}`, body: { access_domain: 'bob', ...terms }, status: 403, code: '4030170' },
    ])
    const shared = {
      namespace: 'group',
      repository: 'busybox',
      access_domain: 'dave',
      ...terms,
      description: 'd',
      creator_id: (await userOf(world, 'alice', 7)).user_id,
      creator_name: 'alice',
      created: '2026-03-01T12:00:00Z',
      updated: '2026-03-01T12:00:00Z',
      status: true,
    }
    await run(world, [
      { call: `GET ${at}`, status: 200, answer: [shared] },
      { call: `GET ${at}/dave`, status: 200, answer: { exist: true, ...shared } },
      { call: 'GET shared-repositories', status: 400, code: '4001014' },
      { call: 'GET shared-repositories?center=x', status: 400, code: '4000014' },
    ])
    const list = async (as: Person, query: string) =>
      ((await perform(world, { as, call: `GET shared-repositories${query}`, status: 200 })).parsed as object[]).map(
        (row) => row as { name: string; status: boolean; total_range: number },
      )
    expect(await list('alice', '?center=self')).toMatchObject([{ name: 'busybox', status: true, total_range: 1 }])
    expect(await list('alice', '?center=thirdparty')).toEqual([])
    expect(await list('dave', '?filter=center::thirdparty|offset::0|limit::10')).toMatchObject([{ name: 'busybox' }])
    expect(await list('dave', '?center=thirdparty&status=false')).toEqual([])
    const later = world.client({ 'x-auth-token': await world.token('dave', 'repo:read', 86_400) })
    const shares = () => later.get<object[]>(`${manage}/shared-repositories?center=thirdparty`)
    world.tick(11 * 3_600_000)
    expect(await shares()).toMatchObject([{ status: true }])
    world.tick(3_600_000)
    expect(await shares()).toMatchObject([{ status: false }])
  })
})

describe('retention', () => {
  it('O25 O27', async () => {
    const world = await createSwrWorld()
    const at = `${repo}/retentions`
    const rule = { template: 'tag_rule', params: { num: '10' }, tag_selectors: [{ kind: 'regexp', pattern: '^v' }] }
    const policy = { algorithm: 'or', rules: [rule] }
    await run(world, [
      { call: `GET ${at}`, status: 200, answer: [] },
      { call: `POST ${at}`, body: policy, status: 201, answer: { id: 1 } },
      { call: `POST ${at}`, body: policy, status: 400, code: '4000014' },
      { call: `GET ${at}/1`, status: 200, answer: { algorithm: 'or', id: 1, rules: [rule], scope: '' } },
      { call: `GET ${at}/histories`, status: 200, answer: { retention_log: [], total: 0 } },
      { call: `GET ${at}/2`, status: 400, code: '4000306' },
      {
        call: `PATCH ${at}/1`,
        body: { ...policy, rules: [{ ...rule, params: { num: '5' } }] },
        status: 201,
        answer: {},
      },
      {
        call: `PATCH ${at}/1`,
        body: { ...policy, rules: [{ template: 'date_rule', params: { days: '5' } }] },
        status: 400,
        code: '4000014',
      },
      {
        call: `POST ${at}`,
        body: { algorithm: 'or', rules: [{ ...rule, params: { num: 10 } }] },
        status: 400,
        code: '4000014',
      },
      { as: 'carol', call: `DELETE ${at}/1`, status: 403, code: '4030170' },
      { call: `DELETE ${at}/1`, status: 200, answer: {} },
      { call: `DELETE ${at}/1`, status: 400, code: '4000306' },
    ])
  })
})

describe('triggers', () => {
  it('O28', async () => {
    const world = await createSwrWorld()
    const at = `${repo}/triggers`
    const trigger = {
      name: 'deploy',
      trigger_type: 'all',
      condition: '.*',
      action: 'update',
      app_type: 'deployments',
      application: 'app',
      cluster_ns: 'default',
      enable: 'true',
    }
    const rest = { trigger_mode: 'cce', cluster_id: '', cluster_name: '', container: '' }
    const whole = {
      ...trigger,
      ...rest,
      created_at: '2026-03-01T12:00:00Z',
      creator_name: 'alice',
      trigger_history: [],
    }
    await run(world, [
      { call: `POST ${at}`, body: trigger, status: 201, answer: {} },
      { call: `POST ${at}`, body: trigger, status: 400, code: '4000014' },
      { call: `POST ${at}`, body: { ...trigger, name: 'x', enable: true }, status: 400, code: '4000014' },
      { call: `POST ${at}`, body: { ...trigger, name: 'x', condition: 'v1' }, status: 400, code: '4000014' },
      {
        call: `POST ${at}`,
        body: { ...trigger, name: 'x', trigger_type: 'regular', condition: '(' },
        status: 400,
        code: '4000014',
      },
      { call: `GET ${at}`, status: 200, answer: [whole] },
      { call: `PATCH ${at}/deploy`, body: { enable: 'false' }, status: 201, answer: {} },
      { call: `GET ${at}/deploy`, status: 200, answer: { ...whole, enable: 'false' } },
      { call: `DELETE ${at}/deploy`, status: 204 },
      { call: `GET ${at}/deploy`, status: 404 },
    ])
  })
})

describe('synchronization', () => {
  it('O29 O30', async () => {
    const world = await createSwrWorld()
    await world.seedTags('group/busybox', 2)
    const remote = { remoteRegionId: 'quayside-1', remoteNamespace: 'acme' }
    await run(world, [
      { call: `DELETE ${repo}/sync_repo`, body: remote, status: 400, code: '4001158' },
      { call: `POST ${repo}/sync_repo`, body: { ...remote, remoteRegionId: 'mars' }, status: 400, code: '4000014' },
      { call: `POST ${repo}/sync_repo`, body: { ...remote, syncAuto: true }, status: 200, answer: {} },
      {
        call: `GET ${repo}/sync_repo`,
        status: 200,
        answer: [
          {
            id: 1,
            createdAt: expect.stringMatching(/Z$/),
            updatedAt: expect.stringMatching(/Z$/),
            domainID: expect.any(String),
            domainName: 'quayside',
            namespace: 'group',
            repoName: 'busybox',
            ...remote,
            override: false,
            syncAuto: true,
          },
        ],
      },
      { call: `DELETE ${repo}/sync_repo`, body: remote, status: 200, answer: {} },
      {
        call: `POST ${repo}/sync_images`,
        body: { ...remote, imageTag: ['t01', 'nope'] },
        status: 404,
        code: '4040115',
      },
      { call: `GET ${repo}/sync_job?filter=limit::10|offset::0`, status: 200, answer: [] },
      {
        call: `POST ${repo}/sync_images`,
        body: { ...remote, imageTag: ['t01', 't02'] },
        status: 200,
        answer: ['t01', 't02'],
      },
      { call: `GET ${repo}/sync_job`, status: 400, code: '4001014' },
      { call: `GET ${repo}/sync_job?filter=limit::10`, status: 400, code: '4001014' },
    ])
    const { parsed, headers } = await perform(world, {
      call: `GET ${repo}/sync_job?filter=limit::1|offset::0|order::asc`,
      status: 200,
    })
    expect(headers.get('content-range')).toBe('0-1/2')
    expect(parsed).toMatchObject([{ tag: 't01', status: 'waiting', syncOperatorName: 'alice' }])
  })
})

describe('the account', () => {
  it('O32 quotas, features, figures', async () => {
    const world = await createSwrWorld()
    await world.seedTags('group/busybox', 2)
    const { parsed } = await perform(world, { call: 'GET reports/store/daily', status: 200 })
    expect(parsed).toHaveLength(30)
    await run(world, [
      {
        call: 'GET projects/any/quotas',
        status: 200,
        answer: { quotas: [{ quota_key: 'namespace', quota_limit: 1000, used: 0, unit: '' }] },
      },
      { call: 'GET projects/any/feature-gates', status: 200 },
      { call: 'GET reports/store/hourly', status: 400, code: '4000014' },
      { call: 'GET reports/x/daily', status: 400, code: '4000014' },
      {
        call: 'GET overview',
        status: 200,
        answer: {
          domain_id: expect.any(String),
          domain_name: 'quayside',
          namspace_num: 3,
          repo_num: 3,
          image_num: 2,
          store_space: 0,
          downflow_size: 0,
        },
      },
      { call: 'GET regions', status: 200, answer: [{ regionID: 'quayside-1' }] },
      { call: 'GET agency', status: 200, answer: { domain_id: expect.any(String), is_agency: false } },
      { call: 'POST agency', status: 201, answer: {} },
      { call: 'GET nothing', status: 404, code: '4040083' },
    ])
  })

  it('O33 says its versions to everybody', async () => {
    const world = await createSwrWorld()
    const version = await world.as('nobody').get<{ version: object }>('/v2')
    expect(version).toEqual({
      version: {
        id: 'v2',
        links: { href: 'http://registry.test/v2', rel: 'self' },
        version: '2.26',
        min_version: '2.0',
        status: 'CURRENT',
        updated: expect.stringMatching(/Z$/),
      },
    })
    expect(await world.as('nobody').get('/')).toEqual({ versions: [version.version] })
    expect((await world.as('nobody').request('GET', '/v3')).status).toBe(401)
    expect((await world.as('nobody').request('GET', '/v1')).status).toBe(404)
    expect((await world.as('nobody').request('GET', '/v2/')).status).toBe(401)
    expect((await world.as('nobody').request('GET', '/v2/')).headers.get('docker-distribution-api-version')).toBe(
      'registry/2.0',
    )
  })
})
