import { describe, expect, it, vi } from 'vitest'
import { Browser } from '../../../support/browser.ts'
import { createWorld, password, type World } from '../../../support/world.ts'

const wrong = 'wrong-password'
const signInAt = (world: World, login: string) => new Browser(world).signIn(login, wrong)
const submitSignIn = async (world: World, username: string) =>
  (await new Browser(world).open()).submit('/signin', { username, password: wrong, next: '' })
const dockerLogin = (world: World, login: string) => {
  const header = btoa(String.fromCharCode(...new TextEncoder().encode(`${login}:${wrong}`)))
  return world.client({ authorization: `Basic ${header}` }).request('GET', '/v2/auth?service=registry.test')
}

describe('signinUser', () => {
  it('gives a browser a session, and kills the CSRF token it came with', async () => {
    const world = await createWorld()
    const browser = await new Browser(world).open()
    const old = browser.csrf as string
    expect(await (await browser.signIn('alice')).json()).toEqual({ success: true })
    expect(browser.csrf).not.toBe(old)

    const user = (await (await browser.request('GET', '/api/v1/user/')).json()) as Record<string, unknown>
    expect(user).toMatchObject({ anonymous: false, username: 'alice', email: 'alice@example.com', is_me: true })
    expect(user).not.toHaveProperty('super_user')
    const stale = await browser.request('POST', '/api/v1/signout', {}, { 'x-csrf-token': old })
    expect(stale.status).toBe(403)
    expect(await stale.json()).toEqual({ error: 'CSRF token was invalid or missing. (authorized: user alice)' })
    expect(await world.events()).toMatchObject([{ kind: 'login_success', metadata: { type: 'quayauth' } }])
  })

  it('signs in by e-mail address too', async () => {
    const world = await createWorld()
    expect((await new Browser(world).signIn('alice@example.com')).status).toBe(200)
  })

  const refused = { needsEmailVerification: false, invalidCredentials: true, message: 'Invalid Username or Password' }
  it.each([
    { case: 'a wrong password', login: 'alice', typed: 'wrong-password' },
    { case: 'an unknown name', login: 'nobody', typed: password },
    { case: 'a name that nobody can have', login: 'Ünïcode', typed: password },
    { case: 'an organization', login: 'acme', typed: password },
  ])('refuses $case', async ({ login, typed }) => {
    const world = await createWorld()
    const response = await new Browser(world).signIn(login, typed)
    expect(response.status).toBe(403)
    expect(await response.json()).toEqual(refused)
    expect(await world.events()).toEqual([])
  })

  it.each([
    { through: 'the API', send: (world: World, login: string) => signInAt(world, login) },
    { through: 'the page', send: (world: World, login: string) => submitSignIn(world, login) },
    { through: 'docker login', send: (world: World, login: string) => dockerLogin(world, login) },
  ])('does the same work for a name that nobody has, through $through', async ({ send }) => {
    const world = await createWorld()
    const derive = vi.spyOn(crypto.subtle, 'deriveBits')
    const workFor = async (login: string) => {
      derive.mockClear()
      world.meter.reset()
      const { status } = await send(world, login)
      const rounds = derive.mock.calls.map(([algorithm]) => (algorithm as { iterations: number }).iterations)
      return { status, rounds, roundTrips: world.meter.roundTrips }
    }
    const known = await workFor('alice')
    expect(known.rounds).toHaveLength(1)
    for (const login of ['nobody', 'nobody@example.com', 'acme', 'Ünïcode']) expect(await workFor(login)).toEqual(known)
    derive.mockRestore()
  })

  it('refuses a request without its CSRF token', async () => {
    const world = await createWorld()
    const response = await world.as('nobody').request('POST', '/api/v1/signin', { username: 'alice', password })
    expect(response.status).toBe(403)
    expect(await response.json()).toEqual({ error: 'CSRF token was invalid or missing.' })
  })

  it('makes each try after failures wait longer, and the right password too', async () => {
    const world = await createWorld()
    const browser = await new Browser(world).open()
    const attempt = async (typed: string) => (await browser.signIn('alice', typed)).status
    expect(await attempt('wrong-password')).toBe(403)
    world.tick(400)
    expect(await attempt(password)).toBe(429)
    world.tick(100)
    expect(await attempt('wrong-password')).toBe(403)
    world.tick(1499)
    const early = await browser.signIn('alice')
    expect(early.status).toBe(429)
    expect(early.headers.get('retry-after')).toBe('0')
    expect(await early.text()).toMatch(/^Too many login attempts\./)
    world.tick(1)
    expect(await attempt(password)).toBe(200)
    expect(await attempt('wrong-password')).toBe(403)
    world.tick(500)
    expect(await attempt(password)).toBe(200)
  })
})

describe('logout', () => {
  it('ends every session of the user', async () => {
    const world = await createWorld()
    const [here, there] = [new Browser(world), new Browser(world)]
    await here.signIn('alice')
    await there.signIn('alice')
    expect(await (await here.request('POST', '/api/v1/signout')).json()).toEqual({ success: true })
    for (const browser of [here, there]) {
      const response = await browser.request('GET', '/api/v1/user/')
      expect(response.status).toBe(401)
      expect(await response.json()).toMatchObject({ session_required: false, error_type: 'invalid_token' })
    }
    expect((await world.events()).map(({ kind }) => kind)).toEqual(['login_success', 'login_success', 'logout_success'])
  })

  it('is fine for nobody', async () => {
    const world = await createWorld()
    const browser = await new Browser(world).open()
    expect((await browser.request('POST', '/api/v1/signout')).status).toBe(200)
    expect(await world.events()).toEqual([])
  })
})

describe('GET /csrf_token', () => {
  it.each([
    { origins: [], allowed: null },
    { origins: ['https://console.example.com'], allowed: 'https://console.example.com' },
    { origins: ['https://a.example', 'https://b.example'], allowed: null },
  ])('is for pages of the one other origin that is set: $origins', async ({ origins, allowed }) => {
    const world = await createWorld({ settings: { CORS_ORIGIN: origins } })
    const { headers } = await world.client({ origin: 'https://evil.example' }).request('GET', '/csrf_token')
    expect(headers.get('access-control-allow-origin')).toBe(allowed)
    expect(headers.get('access-control-allow-credentials')).toBe(allowed && 'true')
    expect(headers.get('vary')).toBe(allowed && 'Origin')
  })

  it('is the same throughout a session', async () => {
    const world = await createWorld()
    const browser = await new Browser(world).open()
    const first = browser.csrf
    await browser.open()
    expect(browser.csrf).toBe(first)
    expect(first).toMatch(/^[A-Za-z0-9_-]{64}$/)
  })
})
