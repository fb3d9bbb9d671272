import { describe, expect, it } from 'vitest'
import { Browser } from '../../../support/browser.ts'
import { createWorld, origin, type World } from '../../../support/world.ts'

const callback = 'https://tool.example.com/cb?keep=1'
const scope = 'repo:read user:read'

async function createTool() {
  const world = await createWorld()
  const app = { name: 'tool', redirect_uri: callback }
  const made = await world.as('alice').request('POST', '/api/v1/organization/acme/applications', app)
  const { client_id, client_secret } = (await made.json()) as { client_id: string; client_secret: string }
  const browser = new Browser(world)
  await browser.signIn('alice')
  return { world, browser, client_id, client_secret }
}

async function codeFor(
  { browser, client_id }: Awaited<ReturnType<typeof createTool>>,
  more: Record<string, string> = {},
) {
  const fields = { client_id, redirect_uri: callback, scope, response_type: 'code', state: 's', ...more }
  const response = await browser.submit('/oauth/authorizeapp', fields)
  expect(response.status).toBe(302)
  const location = new URL(response.headers.get('location') ?? '')
  expect(location.origin + location.pathname).toBe('https://tool.example.com/cb')
  return { query: location.searchParams, code: location.searchParams.get('code') ?? '' }
}

const exchange = (world: World, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  world
    .client({ 'content-type': 'application/x-www-form-urlencoded', ...headers })
    .request('POST', '/oauth/access_token', new URLSearchParams(fields).toString())

const sha256 = async (text: string) => {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return btoa(String.fromCharCode(...digest))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
const verifier = 'a-verifier-that-is-long-enough-for-the-rfc-7636'

describe('the code grant', () => {
  it('gives a code that is worth one token', async () => {
    const tool = await createTool()
    const { query, code } = await codeFor(tool)
    expect(code).toMatch(/^[A-Za-z0-9]{40}$/)
    expect(Object.fromEntries(query)).toEqual({ keep: '1', scope, state: 's', code })
    const { client_id, client_secret, world } = tool
    const fields = { grant_type: 'authorization_code', client_id, client_secret, redirect_uri: callback, code, scope }

    const answers = await Promise.all([exchange(world, fields), exchange(world, fields), exchange(world, fields)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400])
    const good = answers.find(({ status }) => status === 200) as Response
    expect(good.headers.get('cache-control')).toBe('no-store')
    const body = (await good.json()) as { access_token: string }
    expect(body).toEqual({
      access_token: expect.stringMatching(/^[A-Za-z0-9]{40}$/),
      token_type: 'Bearer',
      expires_in: 315_576_000,
      refresh_token: null,
    })
    const user = await world.client({ authorization: `Bearer ${body.access_token}` }).get('/api/v1/user/')
    expect(user).toMatchObject({ username: 'alice' })
    expect(await (await exchange(world, fields)).json()).toEqual({ error: 'invalid_grant' })
    const log = JSON.stringify(await world.events())
    for (const secret of [code, body.access_token, client_secret]) expect(log).not.toContain(secret)
  })

  it.each<{ case: string; change: Record<string, string>; after?: number; status?: number; error: string }>([
    { case: 'another grant type', change: { grant_type: 'password' }, error: 'unsupported_grant_type' },
    { case: 'an unknown client', change: { client_id: 'UNKNOWN' }, error: 'invalid_client' },
    { case: 'a wrong secret', change: { client_secret: 'wrong' }, error: 'invalid_client' },
    { case: 'no secret', change: { client_secret: '' }, error: 'invalid_client' },
    { case: 'a wrong code', change: { code: 'x'.repeat(40) }, error: 'invalid_grant' },
    { case: 'another address', change: { redirect_uri: `${origin}/oauth/localapp` }, error: 'invalid_grant' },
    { case: 'another scope', change: { scope: 'repo:read' }, error: 'invalid_grant' },
    { case: 'a verifier without a challenge', change: { code_verifier: verifier }, error: 'invalid_grant' },
    { case: 'a code that is too old', change: {}, after: 10 * 60 * 1000, error: 'invalid_grant' },
    { case: 'no code', change: { code: '' }, error: 'Required param: code' },
  ])('refuses $case, and the code stays good', async ({ change, after = 0, error }) => {
    const tool = await createTool()
    const { code } = await codeFor(tool)
    const { client_id, client_secret, world } = tool
    const fields = { grant_type: 'authorization_code', client_id, client_secret, redirect_uri: callback, code, scope }
    world.tick(after)
    const refused = await exchange(world, { ...fields, ...change })
    expect([refused.status, await refused.json()]).toEqual([400, { error }])
    if (after === 0) expect((await exchange(world, fields)).status).toBe(200)
  })

  it('knows a client by HTTP Basic too', async () => {
    const tool = await createTool()
    const { code } = await codeFor(tool)
    const fields = { grant_type: 'authorization_code', redirect_uri: callback, code, scope }
    const authorization = `Basic ${btoa(`${tool.client_id}:${tool.client_secret}`)}`
    expect((await exchange(tool.world, fields, { authorization })).status).toBe(200)
  })

  it.each([
    { case: 'with the right verifier', code_verifier: verifier, status: 200 },
    { case: 'with another verifier', code_verifier: `${verifier}x`, status: 400 },
    { case: 'without a verifier', code_verifier: undefined, status: 400 },
  ])('with PKCE: $case is $status', async ({ code_verifier, status }) => {
    const tool = await createTool()
    const pkce = { code_challenge: await sha256(verifier), code_challenge_method: 'S256' }
    const { code } = await codeFor(tool, pkce)
    const { client_id, client_secret, world } = tool
    const fields = { grant_type: 'authorization_code', client_id, client_secret, redirect_uri: callback, code, scope }
    expect((await exchange(world, { ...fields, ...(code_verifier && { code_verifier }) })).status).toBe(status)
  })

  it('refuses a challenge in the clear', async () => {
    const tool = await createTool()
    const { query } = await codeFor(tool, { code_challenge: verifier, code_challenge_method: 'plain' })
    expect(query.get('error')).toBe('invalid_request')
    expect(query.get('code')).toBeNull()
  })

  it('gives nothing for a user who was shut out since', async () => {
    const tool = await createTool()
    const { code } = await codeFor(tool)
    const { client_id, client_secret, world } = tool
    await world.as('admin').request('PUT', '/api/v1/superuser/users/alice', { enabled: false })
    const fields = { grant_type: 'authorization_code', client_id, client_secret, redirect_uri: callback, code, scope }
    expect(await (await exchange(world, fields)).json()).toEqual({ error: 'invalid_grant' })
  })

  it('is refused to who does not administer the organization, and so is any other response type', async () => {
    const { world, browser, client_id } = await createTool()
    const bob = new Browser(world)
    await bob.signIn('bob')
    const fields = { client_id, redirect_uri: callback, scope }
    const answer = async (who: Browser, response_type: string) =>
      (await who.submit('/oauth/authorizeapp', { ...fields, response_type })).headers.get('location')
    expect(await answer(bob, 'code')).toBe(`${callback}&error=unauthorized_client`)
    expect(await answer(browser, 'id_token')).toBe(`${callback}&error=unsupported_response_type`)
  })
})
