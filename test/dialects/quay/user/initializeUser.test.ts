import { describe, expect, it } from 'vitest'
import { createWorld } from '../../../support/world.ts'

const path = '/api/v1/user/initialize'
const admin = { username: 'admin', password: 'a-good-password', email: 'admin@example.com' }
const on = { FEATURE_USER_INITIALIZE: true }

describe('initializeUser', () => {
  it('creates the first user, with a token for a while', async () => {
    const world = await createWorld({ empty: true, settings: on })
    const response = await world.as('nobody').request('POST', path, { ...admin, access_token: 'true' })
    expect(response.status).toBe(200)
    expect(response.headers.get('x-next-csrf-token')).toMatch(/.{64}/)
    const body = (await response.json()) as Record<string, string>
    expect(body).toEqual({
      username: 'admin',
      email: 'admin@example.com',
      encrypted_password: expect.any(String),
      access_token: expect.stringMatching(/^[A-Za-z0-9]{40}$/),
    })
    const client = world.client({ authorization: `Bearer ${body.access_token}` })
    expect(await client.get('/api/v1/user/')).toMatchObject({ username: 'admin', super_user: true })
    world.tick(9000 * 1000)
    expect((await client.request('GET', '/api/v1/user/')).status).toBe(401)
    expect(JSON.stringify(await world.events())).not.toContain(admin.password)
  })

  it('needs no e-mail address, and gives no token that nobody asked for', async () => {
    const world = await createWorld({ empty: true, settings: on })
    const { email: _, ...bare } = admin
    const response = await world.as('nobody').request('POST', path, bare)
    expect(await response.json()).toEqual({ username: 'admin', email: null, encrypted_password: expect.any(String) })
  })

  it.each([
    {
      case: 'where there is a user',
      empty: false,
      body: admin,
      status: 400,
      message: 'Cannot initialize user in a non-empty database',
    },
    {
      case: 'a password too short',
      empty: true,
      body: { ...admin, password: 'short' },
      status: 400,
      message: /^Failed to initialize user: Invalid password/,
    },
    {
      case: 'a bad name',
      empty: true,
      body: { ...admin, username: 'a' },
      status: 400,
      message: /^Failed to initialize user: Invalid namespace a: /,
    },
    {
      case: 'no name',
      empty: true,
      body: { password: 'a-good-password' },
      status: 400,
      message: /^Failed to initialize user: 'username'/,
    },
    {
      case: 'no address while mailing is on',
      empty: true,
      settings: { FEATURE_MAILING: true },
      body: { ...admin, email: undefined },
      status: 400,
      message: /Email address is required/,
    },
    {
      case: 'everything while it is off',
      empty: true,
      settings: { FEATURE_USER_INITIALIZE: false },
      body: admin,
      status: 404,
      message: undefined,
    },
  ])('refuses $case', async ({ empty, settings, body, status, message }) => {
    const world = await createWorld({ empty, settings: { ...on, ...settings } })
    const before = await world.events()
    const response = await world.as('nobody').request('POST', path, body)
    expect(response.status).toBe(status)
    if (message) expect(((await response.json()) as { message: string }).message).toMatch(message)
    expect(await world.events()).toEqual(before)
  })

  it('creates one user, however many ask at once', async () => {
    const world = await createWorld({ empty: true, settings: on })
    const names = ['one', 'two', 'three', 'four']
    const answers = await Promise.all(
      names.map((username) => world.as('nobody').request('POST', path, { username, password: 'a-good-password' })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400])
    expect(await world.events()).toHaveLength(1)
  })
})
