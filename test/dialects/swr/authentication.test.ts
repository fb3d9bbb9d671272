import { describe, expect, it } from 'vitest'
import { sign } from '../../support/sdkSigner.ts'
import { createSwrWorld, manage, type SwrWorld } from '../../support/swrWorld.ts'
import { password } from '../../support/world.ts'

const busybox = `${manage}/namespaces/group/repos/busybox/tags`

interface Key {
  accessKey: string
  secretKey: string
}

/** A robot of acme's that may read acme/app, and an app-specific token of carol's. */
async function keys(world: SwrWorld) {
  const robot = await world.as('alice').request('PUT', '/api/v1/organization/acme/robots/ci', { description: '' })
  const { name, token } = (await robot.json()) as { name: string; token: string }
  await world.as('alice').request('PUT', `/api/v1/repository/acme/app/permissions/user/${name}`, { role: 'read' })
  const made = await world.as('carol').request('POST', '/api/v1/user/apptoken', { title: 'sdk' })
  const { token: app } = (await made.json()) as { token: { uuid: string; token_code: string } }
  return { robot: { accessKey: name, secretKey: token }, app: { accessKey: app.uuid, secretKey: app.token_code } }
}

async function signed(
  world: SwrWorld,
  key: Key,
  path = busybox,
  more: { at?: Date; headers?: Record<string, string> } = {},
) {
  const headers = await sign('GET', path, { ...key, now: more.at ?? world.clock.now, ...more })
  return world.client(headers).request('GET', path)
}

const login = (name: string, secret: string, domain = 'quayside') => ({
  auth: {
    identity: { methods: ['password'], password: { user: { name, password: secret, domain: { name: domain } } } },
    scope: { project: { name: 'quayside-1' } },
  },
})

describe('access keys', () => {
  it('A02 A03 A10 A11 sign requests', async () => {
    const world = await createSwrWorld()
    const { robot, app } = await keys(world)
    expect((await signed(world, app)).status).toBe(200)
    expect(
      (await signed(world, robot, `${manage}/namespaces/acme/repos/app/tags?filter=offset::0|limit::5`)).status,
    ).toBe(200)
    expect((await signed(world, robot)).status).toBe(404)
    expect((await signed(world, app, busybox, { headers: { 'user-agent': 'sdk/1' } })).status).toBe(200)
    const unsignedBody = { 'x-sdk-content-sha256': 'UNSIGNED-PAYLOAD' }
    expect((await signed(world, app, busybox, { headers: unsignedBody })).status).toBe(200)
    for (const [case_, response] of [
      ['unknown key', await signed(world, { ...app, accessKey: crypto.randomUUID() })],
      ['unknown robot', await signed(world, { ...robot, accessKey: 'acme+nobody' })],
      ['wrong secret', await signed(world, { ...app, secretKey: 'wrong' })],
      ['late', await signed(world, app, busybox, { at: new Date(world.clock.now.getTime() - 16 * 60_000) })],
      ['early', await signed(world, app, busybox, { at: new Date(world.clock.now.getTime() + 16 * 60_000) })],
    ] as const) {
      expect(`${case_} ${response.status}`).toBe(`${case_} 401`)
      expect(await response.json()).toMatchObject({ error_code: 'SVCSTG.SWR.4010000' })
    }
    const unsignedHeader = { ...(await sign('GET', busybox, { ...app, now: world.clock.now })), ...unsignedBody }
    expect((await world.client(unsignedHeader).request('GET', busybox)).status).toBe(401)
  })

  it('A04 sign bodies', async () => {
    const world = await createSwrWorld()
    const { app } = await keys(world)
    const body = '{"namespace":"signed"}'
    const path = `${manage}/namespaces`
    const headers = await sign('POST', path, { ...app, now: world.clock.now, body })
    expect((await world.client(headers).request('POST', path, '{"namespace":"changed"}')).status).toBe(401)
    expect((await world.client(headers).request('POST', path, body)).status).toBe(201)
  })

  it('end with the token that they are', async () => {
    const world = await createSwrWorld()
    const { robot, app } = await keys(world)
    await world.as('carol').request('DELETE', `/api/v1/user/apptoken/${app.accessKey}`)
    await world.as('alice').request('POST', '/api/v1/organization/acme/robots/ci/regenerate')
    expect((await signed(world, app)).status).toBe(401)
    expect((await signed(world, robot, `${manage}/namespaces/acme/repos/app/tags`)).status).toBe(401)
  })
})

describe('IAM', () => {
  const post = (world: SwrWorld, body: unknown, query = '') =>
    world.as('nobody').request('POST', `/v3/auth/tokens${query}`, body)

  it('A07 gives a token for a password, for a day', async () => {
    const world = await createSwrWorld()
    const { app } = await keys(world)
    const response = await post(world, login('carol', password))
    expect(response.status).toBe(201)
    const { token } = (await response.json()) as { token: Record<string, unknown> }
    const domain = { id: expect.stringMatching(/^[0-9a-f]{32}$/), name: 'quayside' }
    expect(token).toEqual({
      expires_at: '2026-03-02T12:00:00.250000Z',
      issued_at: '2026-03-01T12:00:00.250000Z',
      methods: ['password'],
      catalog: [],
      project: { id: expect.any(String), name: 'quayside-1', domain },
      roles: [],
      user: { id: expect.stringMatching(/^[0-9a-f]{32}$/), name: 'carol', password_expires_at: '', domain },
    })
    const client = world.client({ 'x-auth-token': response.headers.get('x-subject-token') ?? '' })
    expect((await client.request('GET', busybox)).status).toBe(200)

    const through = await post(world, login('carol', app.secretKey), '?nocatalog=true')
    expect(((await through.json()) as { token: object }).token).not.toHaveProperty('catalog')
    const appClient = world.client({ 'x-auth-token': through.headers.get('x-subject-token') ?? '' })
    expect((await appClient.request('GET', busybox)).status).toBe(200)
    await world.as('carol').request('DELETE', `/api/v1/user/apptoken/${app.accessKey}`)
    expect((await appClient.request('GET', busybox)).status).toBe(401)

    world.tick(24 * 3_600_000 - 1)
    expect((await client.request('GET', busybox)).status).toBe(200)
    world.tick(1)
    expect((await client.request('GET', busybox)).status).toBe(401)
  })

  it.each([
    { case: 'a wrong password', body: login('carol', 'wrong-one-1'), status: 401 },
    { case: 'an unknown user', body: login('nobody', password), status: 401 },
    { case: 'another domain', body: login('carol', password, 'elsewhere'), status: 401 },
    { case: 'nothing', body: {}, status: 400 },
  ])('A07 refuses $case', async ({ body, status }) => {
    const response = await post(await createSwrWorld(), body)
    expect(response.status).toBe(status)
    expect(response.headers.get('x-subject-token')).toBeNull()
    expect(await response.json()).toEqual({
      error: { code: status, message: expect.any(String), title: status === 401 ? 'Unauthorized' : 'Bad Request' },
    })
  })

  it('A08 finds projects, domains and users', async () => {
    const world = await createSwrWorld()
    const client = world.swr('carol')
    const get = async (path: string) => (await client.request('GET', path)).json()
    expect(await get('/v3/projects?name=quayside-1')).toEqual({
      projects: [
        {
          id: expect.any(String),
          name: 'quayside-1',
          domain_id: expect.any(String),
          enabled: true,
          is_domain: false,
          parent_id: expect.any(String),
          description: '',
        },
      ],
    })
    expect(await get('/v3/projects?name=mars')).toEqual({ projects: [] })
    expect(await get('/v3/auth/domains')).toEqual({
      domains: [{ id: expect.any(String), name: 'quayside', enabled: true }],
    })
    const [row] = (await world.store.all("select swr_id from account where username = 'bob'")) as { swr_id: string }[]
    expect(await get(`/v3/users/${row?.swr_id}`)).toMatchObject({ user: { id: row?.swr_id, name: 'bob' } })
    expect(await get('/v3/users/x')).toMatchObject({ error: { code: 404 } })
    expect((await world.as('nobody').request('GET', '/v3/projects')).status).toBe(401)
  })
})

describe('logins at the registry', () => {
  it('O31 are made for some hours, and hold there', async () => {
    const world = await createSwrWorld()
    const { app, robot } = await keys(world)
    const path = `${manage}/utils/secret?projectname=r1`
    const token = await world.as('nobody').request('POST', '/v3/auth/tokens', login('carol', password))
    const callers = [
      { 'x-auth-token': token.headers.get('x-subject-token') ?? '' },
      await sign('POST', path, { ...app, now: world.clock.now }),
      await sign('POST', path, { ...robot, now: world.clock.now }),
    ]
    const auth = (basic: string) =>
      world.client({ authorization: `Basic ${basic}` }).request('GET', '/v2/auth?service=x')
    const logins: string[] = []
    for (const headers of callers) {
      const response = await world.client(headers).request('POST', path)
      expect(response.status).toBe(200)
      const [, user = '', secret = '', host = ''] =
        /^docker login -u (\S+) -p (\S+) (\S+)$/.exec(response.headers.get('x-swr-dockerlogin') ?? '') ?? []
      expect(user).toMatch(/^r1@/)
      expect(response.headers.get('x-swr-expireat')).toBe('2026-03-01T18:00:00Z')
      const { auths } = (await response.json()) as { auths: Record<string, { auth: string }> }
      const { auth: basic = '' } = auths[host] ?? {}
      expect(atob(basic)).toBe(`${user}:${secret}`)
      expect((await auth(basic)).status).toBe(200)
      logins.push(basic)
    }
    expect((await auth(btoa(`r1@${app.accessKey}:wrong`))).status).toBe(401)
    world.tick(6 * 3_600_000)
    for (const basic of logins) expect((await auth(basic)).status).toBe(401)
  })

  it('are not made for OAuth tokens', async () => {
    const world = await createSwrWorld()
    const response = await world.swr('carol').request('POST', `${manage}/utils/secret`)
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ error_code: 'SVCSTG.SWR.4030170' })
  })

  it('may be made by the caller: the HMAC of the access key', async () => {
    const world = await createSwrWorld()
    const { app } = await keys(world)
    const { hmacHex } = await import('../../../src/domain/token/requestSignature.ts')
    const secret = await hmacHex(app.secretKey, app.accessKey)
    const basic = btoa(`quayside-1@${app.accessKey}:${secret}`)
    expect((await world.client({ authorization: `Basic ${basic}` }).request('GET', '/v2/auth?service=x')).status).toBe(
      200,
    )
  })
})

describe("the older paths that Harbor's adapter calls", () => {
  it('take an access key and its secret as user and password', async () => {
    const world = await createSwrWorld()
    const { app } = await keys(world)
    const harbor = world.client({ authorization: `Basic ${btoa(`${app.accessKey}:${app.secretKey}`)}` })
    const wrong = world.client({ authorization: `Basic ${btoa(`${app.accessKey}:wrong`)}` })
    const names = async (path: string) =>
      (await harbor.get<{ namespaces: { name: string }[] }>(path)).namespaces.map(({ name }) => name)
    expect(await names('/dockyard/v2/namespaces')).toEqual(['carol', 'acme'])
    expect(await names('/dockyard/v2/visible/namespaces')).toEqual(['carol', 'acme', 'group'])
    expect((await harbor.request('POST', '/dockyard/v2/namespaces', { namespace: 'mirrored' })).status).toBe(201)
    expect(await harbor.get('/dockyard/v2/namespaces/mirrored')).toMatchObject({ name: 'mirrored', auth: 7 })
    const rows = await harbor.get<{ name: string }[]>('/dockyard/v2/repositories?filter=center::self')
    expect(rows.map(({ name }) => name).sort()).toEqual(['app', 'busybox', 'pub'])
    expect((await wrong.request('GET', '/dockyard/v2/namespaces')).status).toBe(401)
    expect((await harbor.request('GET', `${manage}/namespaces`)).status).toBe(401)

    const scope = 'scope=repository:group/busybox:push,pull'
    const token = await harbor.get<{ token: string; expires_in: number; issued_at: string }>(
      `/swr/auth/v2/registry/auth?${scope}`,
    )
    expect(token).toEqual({ token: expect.any(String), expires_in: 3600, issued_at: '2026-03-01T12:00:00Z' })
    const bearer = world.client({ authorization: `Bearer ${token.token}` })
    expect((await bearer.request('GET', '/v2/group/busybox/tags/list')).status).toBe(200)
    expect((await wrong.request('GET', `/swr/auth/v2/registry/auth?${scope}`)).status).toBe(401)
  })
})
