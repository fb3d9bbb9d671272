import { describe, expect, it } from 'vitest'
import { createWorld, type Person } from '../../../support/world.ts'

const base = '/api/v1/repository'
const made = (body: Record<string, unknown> = {}) => ({
  repository: 'thing',
  visibility: 'private',
  description: 'd',
  ...body,
})
type Who = Person | 'nobody'

describe('createRepo', () => {
  it.each<{ case: string; as: Who; body: Record<string, unknown>; status: number; says?: string }>([
    { case: 'in one’s own namespace', as: 'dave', body: made(), status: 201 },
    { case: 'public', as: 'dave', body: made({ visibility: 'public', repo_kind: 'image' }), status: 201 },
    { case: 'with no kind and no words', as: 'dave', body: made({ repo_kind: null, description: '' }), status: 201 },
    { case: 'in an organization one administers', as: 'alice', body: made({ namespace: 'acme' }), status: 201 },
    { case: 'refuses a member', as: 'bob', body: made({ namespace: 'acme' }), status: 403, says: 'Unauthorized' },
    { case: 'refuses a stranger', as: 'dave', body: made({ namespace: 'acme' }), status: 403 },
    { case: 'refuses a superuser', as: 'admin', body: made({ namespace: 'acme' }), status: 403 },
    { case: 'refuses a read-only superuser', as: 'auditor', body: made({ namespace: 'acme' }), status: 403 },
    { case: 'refuses an unknown namespace', as: 'dave', body: made({ namespace: 'nobody' }), status: 403 },
    { case: 'refuses another user’s namespace', as: 'dave', body: made({ namespace: 'bob' }), status: 403 },
    {
      case: 'refuses a name that is taken',
      as: 'alice',
      body: made({ namespace: 'acme', repository: 'app' }),
      status: 400,
      says: 'Repository already exists',
    },
    ...[
      'UPPER',
      '-a',
      '_a',
      '.a',
      'a|b',
      'a//b',
      '/a',
      'a/',
      '',
      'a'.repeat(256),
      `n/${'a'.repeat(254)}`,
      'a\u0000b',
      'é',
    ].map((repository) => ({
      case: `refuses the name ${JSON.stringify(repository).slice(0, 20)}`,
      as: 'dave' as const,
      body: made({ repository }),
      status: 400,
      says: 'Invalid repository name',
    })),
    ...['a'.repeat(255), 'n1/n2/n3', 'foo.bar', 'logs', 'build', 'tokens', '0', 'a..b', 'a__b', 'a-', 'tag/x'].map(
      (repository) => ({
        case: `accepts the name ${repository.slice(0, 20)}`,
        as: 'dave' as const,
        body: made({ repository }),
        status: 201,
      }),
    ),
    {
      case: 'checks the body before the right',
      as: 'dave',
      body: { namespace: 'acme' },
      status: 400,
      says: "'repository' is a required property",
    },
    {
      case: 'refuses another visibility',
      as: 'dave',
      body: made({ visibility: 'weird' }),
      status: 400,
      says: "'weird' is not one of ['public', 'private']",
    },
    {
      case: 'refuses another kind',
      as: 'dave',
      body: made({ repo_kind: 'x' }),
      status: 400,
      says: "'x' is not one of ['image', None]",
    },
    {
      case: 'refuses no description',
      as: 'dave',
      body: made({ description: null }),
      status: 400,
      says: "None is not of type 'string'",
    },
    { case: 'refuses a forged request', as: 'nobody', body: made(), status: 403 },
  ])('$case', async ({ as, body, status, says }) => {
    const world = await createWorld()
    const response = await world.as(as).request('POST', base, body)
    const answer = (await response.json()) as Record<string, unknown>

    expect(response.status, JSON.stringify(answer)).toBe(status)
    const namespace = body.namespace ?? as
    if (status === 201) expect(answer).toEqual({ namespace, name: body.repository, kind: 'image' })
    if (says) expect(answer.detail).toBe(says)
    const events = (await world.events()).filter(({ kind }) => kind === 'create_repo')
    expect(events.map(({ metadata }) => metadata)).toEqual(
      status === 201 ? [{ repo: body.repository, namespace, ...viaToken }] : [],
    )
  })

  it('refuses slashes without extended names', async () => {
    const world = await createWorld({ settings: { FEATURE_EXTENDED_REPOSITORY_NAMES: false } })
    const status = async (repository: string) =>
      (await world.as('dave').request('POST', base, made({ repository }))).status
    expect([await status('some/repo'), await status('n1/n2'), await status('ab')]).toEqual([400, 400, 201])
  })

  it('makes the creator an admin, in one round trip to know and one to change', async () => {
    const world = await createWorld()
    world.meter.reset()
    await world.as('alice').request('POST', base, made({ namespace: 'acme' }))
    expect(world.meter.roundTrips).toBe(2)
    const seen = await world.as('alice').get(`${base}/acme/thing`)
    expect(seen).toMatchObject({ can_admin: true, can_write: true, is_organization: true, tags: {} })
  })
})

const viaToken = {
  oauth_token_id: expect.any(Number),
  oauth_token_application_id: expect.any(String),
  oauth_token_application: 'tests',
}

describe('getRepo', () => {
  it('shows everything in its order', async () => {
    const world = await createWorld()
    const digest = await world.image('acme/app')
    await world.point('acme/app', { latest: digest })
    const answer = await world.as('carol').get(`${base}/acme/app?includeStats=true`)
    expect(Object.keys(answer)).toEqual(
      'namespace name kind description is_public is_organization is_starred status_token trust_enabled tag_expiration_s is_free_account state tags can_write can_admin stats'.split(
        ' ',
      ),
    )
    expect(answer).toMatchObject({
      namespace: 'acme',
      is_public: false,
      is_organization: true,
      status_token: expect.stringMatching(/^[0-9a-f-]{36}$/),
      tag_expiration_s: 1_209_600,
      tags: {
        latest: { name: 'latest', size: 5, last_modified: 'Sun, 01 Mar 2026 12:00:00 -0000', manifest_digest: digest },
      },
      can_write: false,
      can_admin: false,
    })
    expect(answer.stats).toHaveLength(91)
  })

  it.each<{ case: string; as: Who; path: string; status: number; sees?: Record<string, unknown> }>([
    {
      case: 'nobody, public',
      as: 'nobody',
      path: 'acme/pub',
      status: 200,
      sees: { status_token: '', can_write: false },
    },
    { case: 'nobody, private', as: 'nobody', path: 'acme/app', status: 401 },
    { case: 'a stranger, private', as: 'dave', path: 'acme/app', status: 403 },
    { case: 'a writer', as: 'bob', path: 'acme/app', status: 200, sees: { can_write: true, can_admin: false } },
    { case: 'an admin', as: 'alice', path: 'acme/app', status: 200, sees: { can_write: true, can_admin: true } },
    {
      case: 'a read-only superuser',
      as: 'auditor',
      path: 'acme/app',
      status: 200,
      sees: { can_write: false, can_admin: true },
    },
    { case: 'a superuser', as: 'admin', path: 'acme/app', status: 403 },
    { case: 'a missing one, to nobody', as: 'nobody', path: 'acme/none', status: 401 },
    { case: 'a missing one, to a stranger', as: 'dave', path: 'acme/none', status: 403 },
    { case: 'a missing one, to its owner', as: 'alice', path: 'acme/none', status: 404 },
  ])('$case', async ({ as, path, status, sees }) => {
    const world = await createWorld()
    world.meter.reset()
    const response = await world.as(as).request('GET', `${base}/${path}?includeTags=false`)
    expect(response.status).toBe(status)
    const answer = (await response.json()) as Record<string, unknown>
    if (sees) expect(answer).toMatchObject(sees)
    expect(answer).not.toHaveProperty('tags')
    expect(world.meter.roundTrips).toBe(1)
  })
})

describe('listRepos', () => {
  const names = async (world: Awaited<ReturnType<typeof createWorld>>, as: Who, query: string) => {
    const answer = await world.as(as).get<{ repositories: { namespace: string; name: string }[] }>(`${base}?${query}`)
    return answer.repositories.map(({ namespace, name }) => `${namespace}/${name}`)
  }
  it.each<{ as: Who; query: string; sees: string[] }>([
    { as: 'nobody', query: 'public=true', sees: ['acme/pub'] },
    { as: 'nobody', query: 'namespace=acme', sees: [] },
    { as: 'dave', query: 'public=true&namespace=acme', sees: ['acme/pub'] },
    { as: 'dave', query: 'namespace=acme', sees: [] },
    { as: 'carol', query: 'namespace=acme', sees: ['acme/app', 'acme/pub'] },
    { as: 'alice', query: 'namespace=acme&public=true', sees: ['acme/app', 'acme/pub'] },
    { as: 'alice', query: 'namespace=nobody', sees: [] },
    { as: 'alice', query: 'namespace=acme&next_page=garbage', sees: ['acme/app', 'acme/pub'] },
    { as: 'auditor', query: 'namespace=acme', sees: ['acme/app', 'acme/pub'] },
    { as: 'auditor', query: 'public=true', sees: ['acme/app', 'acme/pub'] },
    { as: 'admin', query: 'namespace=acme', sees: [] },
    { as: 'alice', query: 'namespace=acme&repo_kind=application', sees: [] },
  ])('$as sees of $query', async ({ as, query, sees }) => {
    expect(await names(await createWorld(), as, query)).toEqual(sees)
  })

  it.each<{ as: Who; query: string; body: Record<string, unknown> }>([
    { as: 'alice', query: '', body: { detail: 'namespace, starred or public are required for this API call' } },
    { as: 'nobody', query: 'starred=true', body: { message: expect.any(String) } },
    { as: 'alice', query: 'public=true&repo_kind=foo', body: { message: 'Unknown repository kind' } },
  ])('refuses $as with $query', async ({ as, query, body }) => {
    const world = await createWorld()
    const response = await world.as(as).request('GET', `${base}?${query}`)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject(body)
  })
})

describe('updateRepo, changeRepoVisibility', () => {
  it.each<{ as: Who; description: number; visibility: number }>([
    { as: 'nobody', description: 403, visibility: 403 },
    { as: 'dave', description: 403, visibility: 403 },
    { as: 'carol', description: 403, visibility: 403 },
    { as: 'bob', description: 200, visibility: 403 },
    { as: 'alice', description: 200, visibility: 200 },
    { as: 'auditor', description: 403, visibility: 403 },
  ])('$as', async ({ as, description, visibility }) => {
    const world = await createWorld()
    const one = await world.as(as).request('PUT', `${base}/acme/app`, { description: 'new words' })
    const two = await world.as(as).request('POST', `${base}/acme/app/changevisibility`, { visibility: 'public' })
    expect([one.status, two.status]).toEqual([description, visibility])
    expect(await world.as('alice').get(`${base}/acme/app`)).toMatchObject({
      description: description === 200 ? 'new words' : 'the app',
      is_public: visibility === 200,
    })
    expect((await world.events()).map(({ kind }) => kind)).toEqual([
      ...(description === 200 ? ['set_repo_description'] : []),
      ...(visibility === 200 ? ['change_repo_visibility'] : []),
    ])
  })

  it('tells of a missing repository after the body', async () => {
    const world = await createWorld()
    const status = async (body: unknown) => (await world.as('alice').request('PUT', `${base}/acme/none`, body)).status
    expect([await status({}), await status({ description: 'x' })]).toEqual([400, 404])
  })
})

describe('deleteRepository', () => {
  it.each<{ as: Who; path: string; status: number; logged: number }>([
    { as: 'nobody', path: 'acme/app', status: 403, logged: 0 },
    { as: 'bob', path: 'acme/app', status: 403, logged: 0 },
    { as: 'auditor', path: 'acme/app', status: 403, logged: 0 },
    { as: 'alice', path: 'acme/app', status: 204, logged: 1 },
    { as: 'alice', path: 'acme/none', status: 204, logged: 0 },
    { as: 'dave', path: 'acme/none', status: 403, logged: 0 },
  ])('$as deletes $path', async ({ as, path, status, logged }) => {
    const world = await createWorld()
    const response = await world.as(as).request('DELETE', `${base}/${path}`)
    expect(response.status).toBe(status)
    if (status === 204) expect(await response.text()).toBe('')
    expect(await world.events()).toHaveLength(logged)
    const left = await world.as('alice').get<{ repositories: unknown[] }>(`${base}?namespace=acme`)
    expect(left.repositories).toHaveLength(2 - logged)
  })

  it('frees the name at once, and gives its rights to no repository that takes it', async () => {
    const world = await createWorld()
    const alice = world.as('alice')
    await alice.request('DELETE', `${base}/acme/app`)
    expect((await alice.request('GET', `${base}/acme/app`)).status).toBe(404)
    expect((await world.as('bob').request('GET', `${base}/acme/app`)).status).toBe(403)
    const again = await alice.request('POST', base, made({ namespace: 'acme', repository: 'app' }))
    expect(again.status).toBe(201)
    expect((await world.as('bob').request('GET', `${base}/acme/app`)).status).toBe(403)
    expect((await alice.get(`${base}/acme/app`)).tags).toEqual({})
  })

  it('is never reached by a tag with a slash', async () => {
    const world = await createWorld()
    expect((await world.as('alice').request('DELETE', `${base}/acme/app/tag/a/b`)).status).toBe(404)
    expect((await world.as('alice').request('GET', `${base}/acme/app`)).status).toBe(200)
  })
})
