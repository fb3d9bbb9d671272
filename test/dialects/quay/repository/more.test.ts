import { eq, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import {
  account,
  actionCount,
  authorizedEmail,
  repository,
  repositoryGrant,
  star,
  team,
  teamMember,
} from '../../../../src/store/schema.ts'
import { seedRepositories } from '../../../support/seedMany.ts'
import { createWorld, type Person, type World } from '../../../support/world.ts'

const base = '/api/v1/repository'
type Who = Person | 'nobody'
interface List {
  repositories: Record<string, unknown>[]
  next_page?: string
}

describe('a list of repositories', () => {
  it('goes page by page, and the last has no token', async () => {
    const world = await createWorld()
    await seedRepositories(world, 'acme', 250, { isPublic: true })
    const lengths: number[] = []
    const names = new Set<unknown>()
    let token: string | undefined = ''
    while (token !== undefined) {
      const page: List = await world
        .as('nobody')
        .get<List>(`${base}?public=true&next_page=${encodeURIComponent(token)}`)
      lengths.push(page.repositories.length)
      for (const { name } of page.repositories) names.add(name)
      token = page.next_page
    }
    expect(lengths).toEqual([100, 100, 51])
    expect(names.size).toBe(251)
  })

  it('shows an item’s keys in their order', async () => {
    const world = await createWorld({ settings: { FEATURE_QUOTA_MANAGEMENT: true } })
    await world.point('acme/app', { v: await world.image('acme/app') })
    const url = `${base}?namespace=acme&last_modified=true&popularity=true`
    const [app, pub] = (await world.as('carol').get<List>(url)).repositories
    expect(Object.keys(app ?? {})).toEqual(
      'namespace name description is_public kind state last_modified popularity is_starred quota_report'.split(' '),
    )
    expect(app).toMatchObject({ last_modified: 1_772_366_400, popularity: 0, is_starred: false })
    expect(pub).toMatchObject({ last_modified: null, quota_report: { quota_bytes: 0, configured_quota: null } })
    const guest = await world.as('nobody').get<List>(`${base}?public=true`)
    expect(guest.repositories[0]).not.toHaveProperty('is_starred')
  })

  it('of stars holds what one may still see', async () => {
    const world = await createWorld()
    const starred = async (who: Person) =>
      (await world.as(who).get<List>(`${base}?starred=true`)).repositories.map(({ name, is_starred }) => [
        name,
        is_starred,
      ])
    const ids = { app: await world.repositoryId('acme/app'), pub: await world.repositoryId('acme/pub') }
    await world.store.batch(
      [ids.app, ids.pub].flatMap((repositoryId) =>
        [world.ids.carol, world.ids.dave].map((accountId) =>
          world.store.insert(star).values({ accountId, repositoryId, createdAt: world.clock.now }),
        ),
      ),
    )
    expect(await starred('carol')).toEqual([
      ['app', true],
      ['pub', true],
    ])
    expect(await starred('dave')).toEqual([['pub', true]])
    await world.store.batch([world.store.delete(teamMember).where(sql`account_id = ${world.ids.carol}`)])
    expect(await starred('carol')).toEqual([['pub', true]])
    await world.as('alice').request('DELETE', `${base}/acme/pub`)
    expect(await starred('carol')).toEqual([])
  })

  it.each([
    { role: 1, name: 'member', sees: 0 },
    { role: 2, name: 'creator', sees: 0 },
    { role: 3, name: 'admin', sees: 2 },
  ])('shows an organization’s to a team’s $name: $sees', async ({ role, sees }) => {
    const world = await createWorld()
    const organizationId = sql<number>`(select a.id from account a where a.username = 'acme')`
    const teamId = sql<number>`(select t.id from team t where t.name = 'extra')`
    await world.store.batch([
      world.store.insert(team).values({ organizationId, name: 'extra', role }),
      world.store.insert(teamMember).values({ teamId, accountId: world.ids.dave }),
    ])
    expect((await world.as('dave').get<List>(`${base}?namespace=acme`)).repositories).toHaveLength(sees)
  })

  it('shows everything to a superuser with full access', async () => {
    const world = await createWorld({ settings: { FEATURE_SUPERUSERS_FULL_ACCESS: true } })
    expect((await world.as('admin').get<List>(`${base}?namespace=acme`)).repositories).toHaveLength(2)
    const made = await world
      .as('admin')
      .request('POST', base, { namespace: 'acme', repository: 'x', visibility: 'private', description: '' })
    expect(made.status).toBe(201)
    const nowhere = await world
      .as('admin')
      .request('POST', base, { namespace: 'none', repository: 'x', visibility: 'private', description: '' })
    expect(nowhere.status).toBe(404)
  })
})

describe('getRepo', () => {
  it.each<{ case: string; path: string; as: Who; sees: Record<string, unknown> }>([
    {
      case: 'its owner',
      path: 'dave/own',
      as: 'dave',
      sees: { can_write: true, can_admin: true, is_organization: false, trust_enabled: false },
    },
    { case: 'a star', path: 'acme/pub', as: 'dave', sees: { is_starred: true, can_write: false, can_admin: false } },
    { case: 'nobody', path: 'acme/pub', as: 'nobody', sees: { is_starred: false, can_write: false, can_admin: false } },
    { case: 'a superuser with full access', path: 'acme/app', as: 'admin', sees: { can_write: true, can_admin: true } },
  ])('shows to $case what it may do', async ({ path, as, sees }) => {
    const world = await createWorld({ settings: { FEATURE_SUPERUSERS_FULL_ACCESS: true } })
    await world.arrange(
      'dave',
      [`POST ${base}`, { repository: 'own', visibility: 'private', description: '' }],
      ['POST /api/v1/user/starred', { namespace: 'acme', repository: 'pub' }],
    )
    const answer = await world.as(as).get(`${base}/${path}`)
    expect(answer).toMatchObject(sees)
    expect(answer).not.toHaveProperty('stats')
  })

  it('shows live tags, and an end only where one is set', async () => {
    const world = await createWorld()
    const digest = await world.image('acme/pub')
    await world.point('acme/pub', { latest: digest, gone: digest })
    await world.point('acme/pub', { ends: digest }, { expiresAt: new Date('2026-03-02T12:00:00Z') })
    await world.arrange('bob', `DELETE ${base}/acme/pub/tag/gone`)
    world.tick(1000)
    const { tags } = await world.as('nobody').get<{ tags: Record<string, object> }>(`${base}/acme/pub`)
    expect(Object.keys(tags).sort()).toEqual(['ends', 'latest'])
    expect(Object.keys(tags.latest ?? {})).toEqual(['name', 'size', 'last_modified', 'manifest_digest'])
    expect(Object.keys(tags.ends ?? {})).toEqual(['name', 'size', 'last_modified', 'expiration', 'manifest_digest'])
    expect(tags.ends).toMatchObject({ expiration: 'Mon, 02 Mar 2026 12:00:00 -0000' })
  })

  it.each(['READ_ONLY', 'MIRROR'])('lets nobody write while %s', async (state) => {
    const world = await createWorld({ settings: { FEATURE_REPO_MIRROR: true, FEATURE_SUPERUSERS_FULL_ACCESS: true } })
    await world.arrange('alice', [`PUT ${base}/acme/app/changestate`, { state }])
    for (const who of ['alice', 'admin'] as const) {
      expect(await world.as(who).get(`${base}/acme/app`)).toMatchObject({ state, can_write: false, can_admin: true })
    }
    await world.arrange('alice', [`PUT ${base}/acme/app/changestate`, { state: 'NORMAL' }])
    expect(await world.as('alice').get(`${base}/acme/app`)).toMatchObject({ state: 'NORMAL', can_write: true })
  })

  it('whose organization is mirrored lets nobody write', async () => {
    const world = await createWorld()
    await world.store.batch([world.store.update(repository).set({ state: 'ORG_MIRROR' }).where(sql`name = 'app'`)])
    const seen = await world.as('alice').get(`${base}/acme/app`)
    expect(seen).toMatchObject({ state: 'ORG_MIRROR', can_write: false, can_admin: true })
    const [listed] = (await world.as('alice').get<List>(`${base}?namespace=acme`)).repositories
    expect(listed).toMatchObject({ name: 'app', state: 'ORG_MIRROR' })
  })

  it('counts the days that have actions first, then those that have none', async () => {
    const world = await createWorld()
    const repositoryId = await world.repositoryId('acme/pub')
    const days = { '2025-11-28': 9, '2025-11-29': 1, '2026-02-20': 2, '2026-02-27': 3 }
    await world.store.batch(
      Object.entries(days).map(([day, count]) => world.store.insert(actionCount).values({ repositoryId, day, count })),
    )
    const answer = await world
      .as('nobody')
      .get<{ stats: { date: string; count: number }[] }>(`${base}/acme/pub?includeStats=true`)
    expect(answer.stats.slice(0, 4)).toEqual([
      { date: '2025-11-29', count: 1 },
      { date: '2026-02-20', count: 2 },
      { date: '2026-02-27', count: 3 },
      { date: '2025-11-30', count: 0 },
    ])
    expect(answer.stats.at(-1)).toEqual({ date: '2026-02-28', count: 0 })
    expect(answer.stats).toHaveLength(92)
    const list = await world.as('nobody').get<List>(`${base}?public=true&popularity=true`)
    expect(list.repositories[0]?.popularity).toBe(3)
  })

  it('is refused to a token without a scope that means something, unless it is public', async () => {
    const world = await createWorld()
    const client = await world.withScope('alice', 'nonsense')
    expect((await client.request('GET', `${base}/acme/app`)).status).toBe(403)
    expect((await client.request('GET', `${base}/acme/pub`)).status).toBe(200)
  })
})

describe('what changes of a repository write down', () => {
  it.each<{ request: string; body?: unknown; answer: unknown; kind: string; metadata: Record<string, unknown> }>([
    {
      request: `PUT ${base}/acme/app`,
      body: { description: 'words' },
      answer: { success: true },
      kind: 'set_repo_description',
      metadata: { repo: 'app', namespace: 'acme', description: 'words' },
    },
    {
      request: `POST ${base}/acme/app/changevisibility`,
      body: { visibility: 'private' },
      answer: { success: true },
      kind: 'change_repo_visibility',
      metadata: { repo: 'app', namespace: 'acme', visibility: 'private' },
    },
    {
      request: `PUT ${base}/acme/app/changestate`,
      body: { state: 'MIRROR' },
      answer: { success: true },
      kind: 'change_repo_state',
      metadata: { repo: 'app', namespace: 'acme', state_changed: 'MIRROR' },
    },
    {
      request: `POST ${base}/acme/app/changetrust`,
      body: { trust_enabled: true },
      answer: { success: true },
      kind: 'change_repo_trust',
      metadata: { repo: 'app', namespace: 'acme', trust_enabled: true },
    },
    {
      request: `DELETE ${base}/acme/app`,
      answer: '',
      kind: 'delete_repo',
      metadata: { repo: 'app', namespace: 'acme' },
    },
  ])('$kind', async ({ request, body, answer, kind, metadata }) => {
    const world = await createWorld({ settings: { FEATURE_REPO_MIRROR: true, FEATURE_SIGNING: true } })
    const [method = '', path = ''] = request.split(' ')
    const text = await (await world.as('alice').request(method, path, body)).text()
    expect(text && JSON.parse(text)).toEqual(answer)
    const [event, ...more] = await world.events()
    expect(more).toEqual([])
    expect(event).toMatchObject({
      kind,
      performerId: world.ids.alice,
      ...(kind === 'delete_repo' && { repositoryId: null }),
    })
    expect(event?.metadata).toEqual({
      ...metadata,
      oauth_token_id: expect.any(Number),
      oauth_token_application_id: 'TESTSTESTSTESTSTESTS',
      oauth_token_application: 'tests',
    })
  })

  it.each([
    ['POST', 'acme/app/changetrust', { trust_enabled: true }, 404],
    ['POST', 'acme/none/changevisibility', { visibility: 'public' }, 404],
    ['POST', 'acme/app/changevisibility', { visibility: 'open' }, 400],
    ['POST', 'acme/app/changevisibility', {}, 400],
    ['DELETE', 'nosuch/app', undefined, 404],
  ])('is nothing where nothing changes: %s %s', async (method, path, body, status) => {
    const world = await createWorld({ settings: { FEATURE_SUPERUSERS_FULL_ACCESS: true } })
    const who = path.startsWith('nosuch') ? 'admin' : 'alice'
    expect((await world.as(who).request(method, `${base}/${path}`, body)).status).toBe(status)
    expect(await world.events()).toEqual([])
  })
})

describe('a list', () => {
  it('holds nothing for owning the namespace alone', async () => {
    const world = await createWorld()
    await world.arrange('dave', [`POST ${base}`, { repository: 'own', visibility: 'private', description: '' }])
    const lists = async () => (await world.as('dave').get<List>(`${base}?namespace=dave`)).repositories.length
    expect(await lists()).toBe(1)
    const id = await world.repositoryId('dave/own')
    await world.store.batch([world.store.delete(repositoryGrant).where(eq(repositoryGrant.repositoryId, id))])
    expect(await lists()).toBe(0)
    expect((await world.as('dave').request('GET', `${base}/dave/own`)).status).toBe(200)
  })

  it('of stars heeds no namespace, and without any filter is refused to everybody', async () => {
    const world = await createWorld()
    await world.arrange('dave', ['POST /api/v1/user/starred', { namespace: 'acme', repository: 'pub' }])
    const starred = await world.as('dave').get<List>(`${base}?starred=true&namespace=dave&public=false`)
    expect(starred.repositories.map(({ name }) => name)).toEqual(['pub'])
    for (const who of ['nobody', 'dave', 'carol', 'alice', 'auditor', 'admin'] as const) {
      expect((await world.as(who).request('GET', base)).status).toBe(400)
    }
  })
})

describe('createRepo in an organization', () => {
  it('grants what the organization’s defaults say', async () => {
    const world = await createWorld()
    const alice = world.as('alice')
    const prototype = (body: unknown) => alice.request('POST', '/api/v1/organization/acme/prototypes', body)
    await prototype({ role: 'read', delegate: { name: 'readers', kind: 'team' } })
    await prototype({ role: 'admin', delegate: { name: 'readers', kind: 'team' }, activating_user: { name: 'alice' } })
    await prototype({ role: 'read', delegate: { name: 'alice', kind: 'user' } })
    await alice.request('POST', base, { namespace: 'acme', repository: 'new', visibility: 'private', description: '' })
    const id = await world.repositoryId('acme/new')
    const [rows] = await world.store.batch([
      world.store.select().from(repositoryGrant).where(sql`repository_id = ${id}`).orderBy(repositoryGrant.id),
    ])
    expect(rows.map(({ accountId, teamId, role }) => [accountId === world.ids.alice, teamId !== null, role])).toEqual([
      [true, false, 3],
      [false, true, 3],
    ])
  })
})

describe('what an administrator does', () => {
  const cases: { does: string; act: (world: World, who: Who) => Promise<Response>; admin: number; nobody: number }[] = [
    {
      does: 'lists tokens',
      act: (w, who) => w.as(who).request('GET', `${base}/acme/app/tokens/`),
      admin: 410,
      nobody: 401,
    },
    {
      does: 'lists tokens of nothing',
      act: (w, who) => w.as(who).request('GET', `${base}/acme/none/tokens`),
      admin: 410,
      nobody: 401,
    },
    {
      does: 'creates a token',
      act: (w, who) => w.as(who).request('POST', `${base}/acme/app/tokens/`, { friendlyName: 'x' }),
      admin: 410,
      nobody: 403,
    },
    {
      does: 'creates a nameless token',
      act: (w, who) => w.as(who).request('POST', `${base}/acme/app/tokens/`, {}),
      admin: 400,
      nobody: 403,
    },
    {
      does: 'changes a token',
      act: (w, who) => w.as(who).request('PUT', `${base}/acme/app/tokens/x`, { role: 'read' }),
      admin: 410,
      nobody: 403,
    },
    {
      does: 'deletes a token',
      act: (w, who) => w.as(who).request('DELETE', `${base}/acme/app/tokens/x`),
      admin: 410,
      nobody: 403,
    },
    {
      does: 'looks at a token',
      act: (w, who) => w.as(who).request('GET', `${base}/acme/app/tokens/x`),
      admin: 410,
      nobody: 401,
    },
    {
      does: 'gives a token a wrong role',
      act: (w, who) => w.as(who).request('PUT', `${base}/acme/app/tokens/x`, { role: 'owner' }),
      admin: 400,
      nobody: 403,
    },
    {
      does: 'looks at an address',
      act: (w, who) => w.as(who).request('GET', `${base}/acme/app/authorizedemail/a@b.c`),
      admin: 404,
      nobody: 401,
    },
    {
      does: 'asks an address',
      act: (w, who) => w.as(who).request('POST', `${base}/acme/app/authorizedemail/a@b.c`),
      admin: 200,
      nobody: 403,
    },
    {
      does: 'asks for nothing',
      act: (w, who) => w.as(who).request('POST', `${base}/acme/none/authorizedemail/a@b.c`),
      admin: 400,
      nobody: 403,
    },
    {
      does: 'changes the state',
      act: (w, who) => w.as(who).request('PUT', `${base}/acme/app/changestate`, { state: 'MIRROR' }),
      admin: 200,
      nobody: 403,
    },
    {
      does: 'says no state',
      act: (w, who) => w.as(who).request('PUT', `${base}/acme/app/changestate`, {}),
      admin: 400,
      nobody: 403,
    },
    {
      does: 'says a wrong state',
      act: (w, who) => w.as(who).request('PUT', `${base}/acme/app/changestate`, { state: 'ORG_MIRROR' }),
      admin: 400,
      nobody: 403,
    },
    {
      does: 'switches trust on',
      act: (w, who) => w.as(who).request('POST', `${base}/acme/app/changetrust`, { trust_enabled: true }),
      admin: 200,
      nobody: 403,
    },
  ]
  const settings = { FEATURE_MAILING: true, FEATURE_REPO_MIRROR: true, FEATURE_SIGNING: true }
  it.each(cases)('$does', async ({ act, admin, nobody }) => {
    const world = await createWorld({ settings })
    expect((await act(world, 'alice')).status).toBe(admin)
    expect((await act(world, 'nobody')).status).toBe(nobody)
    expect((await act(world, 'bob')).status).toBe(403)
    expect((await act(world, 'dave')).status).toBe(403)
  })

  it.each([
    { method: 'GET', path: 'app/tokens/', says: 'Handling' },
    { method: 'POST', path: 'app/tokens/', body: { friendlyName: 'x' }, says: 'Creation' },
    { method: 'GET', path: 'app/tokens/x', says: 'Handling' },
    { method: 'PUT', path: 'app/tokens/x', body: { role: 'admin' }, says: 'Handling' },
    { method: 'DELETE', path: 'none/tokens/x', says: 'Handling' },
  ])('is told that tokens are gone: $method $path', async ({ method, path, body, says }) => {
    const world = await createWorld()
    const response = await world.as('alice').request(method, `${base}/acme/${path}`, body)
    expect([response.status, await response.json()]).toEqual([
      410,
      { message: `${says} of access tokens is no longer supported` },
    ])
  })

  it('asks an address once, and its code stays with us', async () => {
    const world = await createWorld({ settings })
    const alice = world.as('alice')
    const path = `${base}/acme/app/authorizedemail/no-address`
    const ask = async () => Object.entries((await (await alice.request('POST', path)).json()) as object)
    const asked = (confirmed: boolean) => [
      ['email', 'no-address'],
      ['repository', 'app'],
      ['namespace', 'acme'],
      ['confirmed', confirmed],
    ]
    expect(await ask()).toEqual(asked(false))
    expect(Object.entries(await alice.get(path))).toEqual(asked(false))
    await world.store.batch([world.store.update(authorizedEmail).set({ confirmed: true })])
    expect(Object.entries(await alice.get(path))).toEqual(asked(true))
    expect(await ask()).toEqual(asked(true))
    const nowhere = await alice.request('POST', path.replace('acme/app', 'acme/none'))
    expect([nowhere.status, await nowhere.json()]).toEqual([400, { message: 'Invalid repository acme/none' }])
    expect(await world.events()).toEqual([])
  })

  it('is written down', async () => {
    const world = await createWorld({ settings })
    const alice = world.as('alice')
    for (const state of ['MIRROR', 'READ_ONLY']) await alice.request('PUT', `${base}/acme/app/changestate`, { state })
    expect(await alice.get(`${base}/acme/app`)).toMatchObject({ state: 'READ_ONLY', can_write: false, can_admin: true })
    await alice.request('POST', `${base}/acme/app/changetrust`, { trust_enabled: true })
    expect(await alice.get(`${base}/acme/app/signatures`)).toEqual({ delegations: null })
    expect((await alice.request('GET', `${base}/acme/pub/signatures`)).status).toBe(404)
    await alice.request('POST', `${base}/acme/app/authorizedemail/a@b.c`)
    expect(await alice.get(`${base}/acme/app/authorizedemail/a@b.c`)).toEqual({
      email: 'a@b.c',
      repository: 'app',
      namespace: 'acme',
      confirmed: false,
    })
    expect(
      (await world.events()).map(({ kind, metadata }) => [kind, metadata.state_changed ?? metadata.trust_enabled]),
    ).toEqual([
      ['change_repo_state', 'MIRROR'],
      ['change_repo_state', 'READ_ONLY'],
      ['change_repo_trust', true],
    ])
  })
})

describe('error types and capabilities', () => {
  it.each(
    'invalid_token expired_token external_service_timeout not_found invalid_response fresh_login_required insufficient_scope invalid_request exceeds_license downstream_issue tag_immutable token_rotation_failed'.split(
      ' ',
    ),
  )('%s', async (type) => {
    const world = await createWorld()
    expect(Object.entries(await world.as('nobody').get(`/api/v1/error/${type}`))).toEqual([
      ['type', `http://registry.test/api/v1/error/${type}`],
      ['title', type],
      ['description', expect.stringMatching(/.{10}/)],
    ])
  })

  it('are the same for everybody, and an unknown type is told so', async () => {
    const world = await createWorld({ settings: { FEATURE_ANONYMOUS_ACCESS: false } })
    expect(await world.as('nobody').get('/api/v1/registry/capabilities')).toEqual({
      sparse_manifests: { supported: false, required_architectures: [], optional_architectures_allowed: false },
      mirror_architectures: ['amd64', 'arm64', 'ppc64le', 's390x'],
    })
    expect((await world.as('nobody').request('GET', '/api/v1/discovery')).status).toBe(200)
    expect((await world.as('nobody').request('GET', '/api/v1/error/not_found')).status).toBe(401)
    expect((await world.as('alice').request('GET', '/api/v1/error/toString')).status).toBe(404)
    await world.store.batch([world.store.update(account).set({ enabled: false }).where(sql`username = 'dave'`)])
    expect((await world.as('dave').request('GET', `${base}/acme/pub`)).status).toBe(401)
  })
})
