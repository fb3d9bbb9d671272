import { describe, expect, it } from 'vitest'
import { createWorld, everyScope, type Person, type World } from '../../../support/world.ts'

const base = '/api/v1/organization/acme/applications'
type App = { client_id: string; client_secret: string | null; name: string }
type Token = { uuid: string; token: string; scope: string; name: string }

const json = async <T>(response: Response) => (await response.json()) as T
const register = async (world: World, body: Record<string, unknown> = { name: 'tool' }) =>
  json<App>(await world.as('alice').request('POST', base, body))
const kinds = async (world: World) => (await world.events()).map(({ kind }) => kind)

describe('applications', () => {
  it('are registered, described anew, given a new secret and deleted with their tokens', async () => {
    const world = await createWorld()
    const alice = world.as('alice')
    const app = await register(world, {
      name: 'tool',
      description: 'd',
      redirect_uri: 'https://a.example',
      avatar_email: 'a@b.cd',
    })
    expect(app).toEqual({
      name: 'tool',
      description: 'd',
      application_uri: '',
      client_id: expect.stringMatching(/^[A-Z0-9]{20}$/),
      client_secret: expect.stringMatching(/^[A-Z0-9]{40}$/),
      redirect_uri: 'https://a.example',
      avatar_email: 'a@b.cd',
    })
    const path = `${base}/${app.client_id}`
    expect(await alice.get(path)).toEqual(app)
    const { token } = await json<Token>(
      await alice.request('POST', `${path}/tokens`, { name: 't', scope: 'user:read' }),
    )
    const updated = await alice.request('PUT', path, { name: 'new', redirect_uri: '', application_uri: 'u' })
    expect(await updated.json()).toEqual({
      ...app,
      name: 'new',
      description: '',
      application_uri: 'u',
      redirect_uri: '',
      avatar_email: null,
    })
    const reset = await json<App>(await alice.request('POST', `${path}/resetclientsecret`))
    expect(reset.client_secret).not.toBe(app.client_secret)
    expect((await alice.request('DELETE', path)).status).toBe(204)
    expect((await alice.request('GET', path)).status).toBe(404)
    expect((await world.client({ authorization: `Bearer ${token}` }).request('GET', '/api/v1/user/')).status).toBe(401)
    expect(await kinds(world)).toEqual([
      'create_application',
      'create_oauth_api_token',
      'update_application',
      'reset_application_client_secret',
      'delete_application',
    ])
    const log = JSON.stringify(await world.events())
    for (const secret of [app.client_secret, reset.client_secret, token]) expect(log).not.toContain(secret)
  })

  it.each<{ as: Person; scope?: string; read: number; write: number; secret?: boolean }>([
    { as: 'alice', read: 200, write: 200, secret: true },
    { as: 'alice', scope: 'repo:admin', read: 403, write: 403 },
    { as: 'bob', read: 403, write: 403 },
    { as: 'dave', read: 403, write: 403 },
    { as: 'admin', read: 403, write: 403 },
    { as: 'auditor', read: 200, write: 403, secret: false },
  ])('$as ($scope) reads them with $read and writes them with $write', async ({ as, scope, read, write, secret }) => {
    const world = await createWorld()
    const { client_id } = await register(world)
    const client = scope ? await world.withScope(as, scope) : world.as(as)
    const one = await client.request('GET', `${base}/${client_id}`)
    expect(one.status).toBe(read)
    if (secret !== undefined) {
      const { client_secret, redirect_uri } = await json<App & { redirect_uri: string | null }>(one)
      expect([client_secret !== null, redirect_uri !== null]).toEqual([secret, secret])
    }
    for (const list of [base, `${base}/${client_id}/tokens`])
      expect((await client.request('GET', list)).status).toBe(read)
    expect((await client.request('GET', `${base}/UNKNOWN/tokens`)).status).toBe(read === 200 ? 404 : 403)
    const body = { name: 'x', redirect_uri: '', application_uri: '' }
    expect((await client.request('POST', base, body)).status).toBe(write)
    expect((await client.request('PUT', `${base}/${client_id}`, body)).status).toBe(write)
    expect((await client.request('POST', `${base}/${client_id}/resetclientsecret`)).status).toBe(write)
    const token = { name: 'x', scope: 'repo:read' }
    expect((await client.request('POST', `${base}/${client_id}/tokens`, token)).status).toBe(write)
    expect((await client.request('DELETE', `${base}/${client_id}`)).status).toBe(write === 200 ? 204 : 403)
  })

  it('of another organization are unknown', async () => {
    const world = await createWorld()
    const { client_id } = await register(world)
    const dave = await world.withScope('dave', everyScope)
    await dave.request('POST', '/api/v1/organization/', { name: 'umbrella' })
    const foreign = `/api/v1/organization/umbrella/applications/${client_id}`
    const body = { name: 'x', redirect_uri: '', application_uri: '' }
    for (const [method, path, sent] of [
      ['GET', foreign],
      ['PUT', foreign, body],
      ['DELETE', foreign],
      ['POST', `${foreign}/resetclientsecret`],
      ['GET', `${foreign}/tokens`],
      ['POST', `${foreign}/tokens`, { name: 'x', scope: 'repo:read' }],
    ] as const) {
      expect((await dave.request(method, path, sent)).status, `${method} ${path}`).toBe(404)
    }
  })

  it.each([
    { body: {}, text: "'name' is a required property" },
    { body: { name: null }, text: "None is not of type 'string'" },
    { body: { name: 'x', description: null }, text: "None is not of type 'string'" },
    { body: { name: '__quay_bootstrap_app' }, text: expect.stringContaining('reserved') },
  ])('are refused: $body', async ({ body, text }) => {
    const world = await createWorld()
    const response = await world.as('alice').request('POST', base, body)
    expect([response.status, await response.json()]).toMatchObject([400, { error_message: text }])
    expect(await kinds(world)).toEqual([])
  })

  it('are known to everybody by their name', async () => {
    const world = await createWorld()
    const { client_id } = await register(world, { name: 'tool', avatar_email: 'a@b.cd' })
    const information = await world.as('nobody').get(`/api/v1/app/${client_id}`)
    expect(information).toMatchObject({
      name: 'tool',
      uri: '',
      avatar: { kind: 'app' },
      organization: {
        name: 'acme',
        email: '',
        avatar: { kind: 'user' },
        is_admin: false,
        teams: {},
        ordered_teams: [],
      },
    })
    expect(await world.as('alice').get(`/api/v1/app/${client_id}`)).toMatchObject({ organization: { is_admin: true } })
    expect((await world.as('nobody').request('GET', '/api/v1/app/UNKNOWN')).status).toBe(404)
  })
})

describe('API tokens', () => {
  const tokens = `${base}/TESTSTESTSTESTSTESTS/tokens`
  const mint = (world: World, body: Record<string, unknown>, who: Person = 'alice') =>
    world.as(who).request('POST', tokens, { name: 't', scope: 'repo:read', ...body })

  it('are trimmed, normalised, shown once and listed newest first', async () => {
    const world = await createWorld()
    const made = await json<Token>(await mint(world, { name: '  padded ', scope: 'repo:read, repo:write,repo:read' }))
    expect(made).toMatchObject({
      name: 'padded',
      scope: 'repo:read repo:write',
      created: '2026-03-01T12:00:00.250000Z',
      expires_at: '2036-03-01T00:00:00.250000Z',
      created_by: 'alice',
      last_accessed: null,
      token: expect.stringMatching(/^[A-Za-z0-9]{40}$/),
    })
    await mint(world, { name: 'short', expiration: 1.9 })
    const list = await world.as('alice').get<{ tokens: { name: string | null }[] }>(tokens)
    expect(list.tokens.slice(0, 2).map(({ name }) => name)).toEqual(['short', 'padded'])
    expect(JSON.stringify(list)).not.toContain(made.token)
    world.tick(1000)
    const later = await world.as('alice').get<{ tokens: { name: string | null }[] }>(tokens)
    expect(later.tokens[0]?.name).toBe('padded')
  })

  it.each([
    { body: { name: ' ' }, status: 400, answer: { message: "'name' must not be empty" } },
    { body: { name: '' }, status: 400, answer: { error_message: "'' should be non-empty" } },
    { body: { name: 'x'.repeat(256) }, status: 400, answer: { error_message: expect.stringMatching(/is too long$/) } },
    { body: { scope: 'nonsense' }, status: 400, answer: { message: 'Invalid scope: nonsense' } },
    { body: { scope: '' }, status: 400, answer: { message: 'Invalid scope: ' } },
    { body: { expiration: 0 }, status: 400, answer: { error_message: '0 is less than the minimum of 1' } },
    { body: { expiration: 'x' }, status: 400, answer: { error_message: "'x' is not of type 'number'" } },
    { body: { scope: 'super:user' }, status: 403, answer: { error_type: 'insufficient_scope' } },
  ])('are refused: $body', async ({ body, status, answer }) => {
    const world = await createWorld()
    const response = await mint(world, body)
    expect([response.status, await response.json()]).toMatchObject([status, answer])
    expect(await kinds(world)).toEqual([])
  })

  it('never exceed the token that asks for them', async () => {
    const world = await createWorld()
    const client = await world.withScope('alice', 'org:admin repo:read')
    const ask = async (scope: string) => (await client.request('POST', tokens, { name: 'x', scope })).status
    expect([await ask('repo:read'), await ask('repo:write'), await ask('user:read')]).toEqual([200, 403, 403])
  })

  it('stop working when they are revoked', async () => {
    const world = await createWorld()
    const { token, uuid } = await json<Token>(await mint(world, { scope: 'user:read' }))
    const use = () => world.client({ authorization: `Bearer ${token}` }).request('GET', '/api/v1/user/')
    expect((await use()).status).toBe(200)
    expect((await world.as('bob').request('DELETE', `${tokens}/${uuid}`)).status).toBe(403)
    expect((await world.as('alice').request('DELETE', `${tokens}/${uuid}`)).status).toBe(204)
    expect((await use()).status).toBe(401)
    expect((await world.as('alice').request('DELETE', `${tokens}/${uuid}`)).status).toBe(404)
  })

  it('are as many as the settings allow', async () => {
    const world = await createWorld({ settings: { OAUTH_APPLICATION_MAXIMUM_TOKEN_COUNT: 1 } })
    const { client_id } = await register(world)
    const path = `${base}/${client_id}/tokens`
    const ask = (expiration?: number) =>
      world.as('alice').request('POST', path, { name: 'x', scope: 'repo:read', expiration })
    expect((await ask(60)).status).toBe(200)
    const second = await ask()
    expect([second.status, await second.json()]).toEqual([
      400,
      { message: 'Token limit reached: maximum 1 non-expired tokens per application' },
    ])
    world.tick(60_000)
    expect((await ask()).status).toBe(200)
  })

  it('come page by page', async () => {
    const world = await createWorld()
    const { client_id } = await register(world)
    const path = `${base}/${client_id}/tokens`
    for (let i = 0; i < 51; i++) await world.as('alice').request('POST', path, { name: `t${i}`, scope: 'repo:read' })
    type Page = { tokens: { name: string }[]; next_page?: string }
    const first = await world.as('alice').get<Page>(path)
    expect([first.tokens.length, first.tokens[0]?.name]).toEqual([50, 't50'])
    const second = await world.as('alice').get<Page>(`${path}?next_page=${first.next_page}`)
    expect(second).toEqual({ tokens: [expect.objectContaining({ name: 't0' })] })
  })
})
