import { describe, expect, it } from 'vitest'
import { Browser } from '../../support/browser.ts'
import { formOf, refusal } from '../../support/refusal.ts'
import { createWorld, everyScope, type Person, type World } from '../../support/world.ts'

const base = '/api/v1/repository'
const json = { 'content-type': 'application/json' }
const cors = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'DELETE, GET, HEAD, OPTIONS, POST, PUT',
  'access-control-max-age': '21600',
  'access-control-allow-headers': 'AUTHORIZATION, CONTENT-TYPE, X-REQUESTED-WITH',
}
const corsOf = (response: Response) =>
  Object.fromEntries([...response.headers].filter(([name]) => name.startsWith('access-control-')))

describe('every answer', () => {
  it.each<{ case: string; as?: Person | 'nobody'; method?: string; path: string; body?: unknown; status: number }>([
    { case: 'a success', path: `${base}/acme/app`, status: 200 },
    { case: 'a refusal of nobody', as: 'nobody', path: `${base}/acme/app`, status: 401 },
    { case: 'a refusal of a stranger', as: 'dave', path: `${base}/acme/app`, status: 403 },
    { case: 'a forged request', as: 'nobody', method: 'DELETE', path: `${base}/acme/app`, status: 403 },
    { case: 'what is missing', path: `${base}/acme/none`, status: 404 },
    { case: 'no such path', path: '/api/v1/nosuch/at/all', status: 404 },
    { case: 'no such method', method: 'DELETE', path: base, status: 405 },
    { case: 'a wrong body', method: 'PUT', path: `${base}/acme/app`, body: {}, status: 400 },
    { case: 'a rule of the data', path: `${base}/acme/app/permissions/user/dave`, status: 400 },
    { case: 'a number that is none', path: `${base}/acme/app/tag/?limit=abc`, status: 400 },
    { case: 'a removed feature', path: `${base}/acme/app/tokens/`, status: 410 },
  ])(
    'is JSON for any origin, whatever it accepts: $case',
    async ({ as = 'alice', method = 'GET', path, body, status }) => {
      const world = await createWorld()
      const response = await world.as(as).request(method, path, body, { accept: 'text/html' })
      expect(response.status).toBe(status)
      expect(response.headers.get('content-type')).toMatch(/^application\/json/)
      expect(response.headers.has('www-authenticate')).toBe(false)
      expect(corsOf(response)).toEqual(cors)
      expect(response.headers.get('vary')).toMatch(/\bOrigin\b/)
      expect(await response.json()).toBeTypeOf('object')
    },
  )

  it('names the one origin that is set, and lets it send cookies', async () => {
    const world = await createWorld({ settings: { CORS_ORIGIN: ['https://console.example.com'] } })
    for (const path of [`${base}/acme/pub`, `${base}/acme/app`]) {
      expect(corsOf(await world.as('nobody').request('GET', path))).toEqual({
        ...cors,
        'access-control-allow-origin': 'https://console.example.com',
        'access-control-allow-headers': `${cors['access-control-allow-headers']}, COOKIE, X-CSRF-TOKEN`,
        'access-control-allow-credentials': 'true',
      })
    }
  })

  it('lets any origin read, and none send cookies, where several are set', async () => {
    const world = await createWorld({ settings: { CORS_ORIGIN: 'https://a.example,https://b.example' } })
    const headers = { origin: 'https://evil.example' }
    expect(corsOf(await world.client(headers).request('GET', `${base}/acme/pub`))).toEqual(cors)
  })

  it('to OPTIONS is empty, for everybody; to HEAD it is GET without a body', async () => {
    const world = await createWorld({ settings: { FEATURE_ANONYMOUS_ACCESS: false } })
    const options = await world.as('nobody').request('OPTIONS', `${base}/acme/app`)
    expect([options.status, await options.text(), corsOf(options)]).toEqual([200, '', cors])
    expect(options.headers.get('allow')?.split(', ')).toEqual(expect.arrayContaining(['GET', 'PUT', 'DELETE']))
    const head = await world.as('alice').request('HEAD', `${base}/acme/app`)
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect((await world.as('dave').request('HEAD', `${base}/acme/app`)).status).toBe(403)
  })

  it('to an unknown method says which there are', async () => {
    const world = await createWorld()
    const response = await world.as('alice').request('PUT', base, {})
    expect(response.status).toBe(405)
    expect(await response.json()).toEqual({ message: 'The method is not allowed for the requested URL.' })
    expect(response.headers.get('allow')).toMatch(/GET/)
    expect(response.headers.get('allow')).toMatch(/POST/)
  })
})

const problem = (status: number, type: string, detail: string) => ({
  detail,
  error_message: detail,
  error_type: type,
  title: type,
  type: `http://registry.test/api/v1/error/${type}`,
  status,
})

describe('a refusal', () => {
  it.each<{ as: Person | 'nobody'; method?: string; path: string; body?: unknown; says: ReturnType<typeof problem> }>([
    { as: 'nobody', path: `${base}/acme/app`, says: problem(401, 'invalid_token', 'Requires authentication') },
    { as: 'dave', path: `${base}/acme/app`, says: problem(403, 'insufficient_scope', 'Unauthorized') },
    { as: 'alice', path: `${base}/acme/none`, says: problem(404, 'not_found', 'Not Found') },
    {
      as: 'alice',
      method: 'PUT',
      path: `${base}/acme/app/permissions/user/nosuch`,
      body: { role: 'read' },
      says: problem(400, 'invalid_request', 'Invalid username: nosuch'),
    },
    {
      as: 'alice',
      method: 'PUT',
      path: `${base}/acme/app`,
      body: 'null',
      says: problem(400, 'invalid_request', 'Missing JSON body'),
    },
  ])('has these keys, in this order: $says.error_type', async ({ as, method = 'GET', path, body, says }) => {
    const world = await createWorld()
    const response = await world.as(as).request(method, path, body, body === undefined ? {} : json)
    expect(response.status).toBe(says.status)
    expect(Object.entries((await response.json()) as object)).toEqual(Object.entries(says))
  })

  it.each<{ case: string; body: string; headers: Record<string, string>; status: number; form: string }>([
    { case: 'no media type', body: '{}', headers: {}, status: 415, form: 'message' },
    { case: 'another media type', body: '{}', headers: { 'content-type': 'text/plain' }, status: 415, form: 'message' },
    { case: 'no body', body: '', headers: json, status: 400, form: 'message' },
    { case: 'half a body', body: '{"a', headers: json, status: 400, form: 'message' },
    { case: 'a list', body: '[]', headers: json, status: 400, form: 'problem' },
    {
      case: 'a body in JSON of a kind',
      body: '{}',
      headers: { 'content-type': 'application/vnd.x+json' },
      status: 400,
      form: 'problem',
    },
    {
      case: 'a body with its charset',
      body: '{}',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      status: 400,
      form: 'problem',
    },
  ])('of $case is a $form', async ({ body, headers, status, form }) => {
    const world = await createWorld()
    const response = await world.as('alice').request('PUT', `${base}/acme/app`, body, headers)
    expect([response.status, await formOf(response)]).toEqual([status, form])
    if (status === 415) {
      expect(await refusal(response)).toBe(
        "Did not attempt to load JSON data because the request Content-Type was not 'application/json'.",
      )
    }
    expect(await world.events()).toEqual([])
  })

  it.each(['limit=abc', 'limit=', 'limit=1.5', 'page=abc'])('of %s names the parameter', async (query) => {
    const world = await createWorld()
    const response = await world.as('alice').request('GET', `${base}/acme/app/tag/?${query}`)
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ message: { [query.split('=')[0] ?? '']: expect.any(String) } })
  })

  it('of a browser without the header of scripts comes first, where that is asked for', async () => {
    const world = await createWorld({ settings: { BROWSER_API_CALLS_XHR_ONLY: true } })
    const agent = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' }
    const get = async (headers: Record<string, string>) =>
      (await world.as('alice').request('GET', `${base}/acme/app`, undefined, headers)).status
    expect(await get(agent)).toBe(400)
    expect(await get({ ...agent, 'x-requested-with': 'XMLHttpRequest' })).toBe(200)
    expect(await get({ 'user-agent': 'curl/8' })).toBe(200)
  })

  it('while the registry only reads stops writes, after the forged ones and before rights and bodies', async () => {
    const world = await createWorld({ settings: { REGISTRY_STATE: 'readonly' } })
    const write = (who: Person | 'nobody') => world.as(who).request('PUT', `${base}/acme/app`, {})
    for (const who of ['alice', 'dave'] as const) {
      const response = await write(who)
      expect(response.status).toBe(503)
      expect(await response.json()).toEqual({
        message: expect.stringMatching(/^System is currently read-only\. /),
        is_readonly: true,
      })
    }
    expect((await write('nobody')).status).toBe(403)
    expect((await world.as('alice').request('GET', `${base}/acme/app`)).status).toBe(200)
  })

  it('without anonymous access says so to nobody only', async () => {
    const world = await createWorld({ settings: { FEATURE_ANONYMOUS_ACCESS: false } })
    const response = await world.as('nobody').request('GET', `${base}/acme/pub`)
    expect([response.status, await response.json()]).toEqual([401, { error: 'Anonymous access is not allowed' }])
    expect((await world.as('dave').request('GET', `${base}/acme/pub`)).status).toBe(200)
  })
})

describe('who asks', () => {
  const ofAlice = (world: World) => world.tokens.alice
  it.each<{ case: string; header: (world: World) => string | Promise<string>; pub: number; app: number }>([
    { case: 'a token', header: (w) => `Bearer ${ofAlice(w)}`, pub: 200, app: 200 },
    { case: 'a token, in small letters', header: (w) => `bearer ${ofAlice(w)}`, pub: 200, app: 200 },
    { case: 'a token with something after it', header: (w) => `Bearer ${ofAlice(w)} x`, pub: 200, app: 401 },
    { case: 'an unknown token', header: () => `Bearer ${'x'.repeat(40)}`, pub: 200, app: 401 },
    {
      case: 'an expired token',
      header: async (w) => `Bearer ${await w.token('alice', everyScope, 0)}`,
      pub: 200,
      app: 401,
    },
    { case: 'a password', header: () => `Basic ${btoa('alice:long-enough-1')}`, pub: 200, app: 401 },
    { case: 'a token as a password', header: (w) => `Basic ${btoa(`$oauthtoken:${ofAlice(w)}`)}`, pub: 200, app: 401 },
    { case: 'a scheme that is none', header: (w) => `Token ${ofAlice(w)}`, pub: 200, app: 401 },
  ])('is told by $case: $app', async ({ header, pub, app }) => {
    const world = await createWorld()
    const client = world.client({ authorization: await header(world) })
    expect((await client.request('GET', `${base}/acme/pub`)).status).toBe(pub)
    expect((await client.request('GET', `${base}/acme/app`)).status).toBe(app)
    const write = await client.request('PUT', `${base}/acme/app`, { description: 'x' })
    expect(write.status).toBe(app === 200 ? 200 : 403)
    if (app !== 200) expect(await write.json()).toEqual({ error: 'CSRF token was invalid or missing.' })
  })

  it.each([
    ['PUT', `${base}/acme/app`, { description: 'x' }, 401],
    ['DELETE', `${base}/acme/app`, undefined, 401],
    ['DELETE', `${base}/acme/none`, undefined, 401],
    ['PUT', `${base}/acme/app/permissions/user/bob`, {}, 401],
    ['POST', base, { repository: 'x', visibility: 'public', description: '', namespace: 'acme' }, 400],
    ['POST', base, {}, 400],
    ['POST', '/api/v1/organization/acme/prototypes', {}, 400],
  ])('being nobody in a browser with its token: %s %s', async (method, path, body, status) => {
    const world = await createWorld()
    const guest = await new Browser(world).open()
    const response = await guest.request(method, path, body)
    expect(response.status).toBe(status)
    if (status === 401) expect(await refusal(response)).toBe('Requires authentication')
    if (body && 'namespace' in body) {
      expect(await refusal(response)).toBe('Must provide a namespace or must be logged in.')
    }
    expect(await world.events()).toEqual([])
  })
})

describe('the token of a session', () => {
  it.each([
    { case: 'in the header', query: '', headers: (csrf: string) => ({ 'x-csrf-token': csrf }), status: 200 },
    { case: 'in the query', query: '_csrf_token=', headers: () => ({ 'x-csrf-token': '' }), status: 200 },
    { case: 'missing', query: '', headers: () => ({ 'x-csrf-token': '' }), status: 403 },
    { case: 'that is another', query: '', headers: () => ({ 'x-csrf-token': 'wrong' }), status: 403 },
  ])('$case: $status', async ({ query, headers, status }) => {
    const world = await createWorld()
    const browser = new Browser(world)
    await browser.signIn('alice')
    const csrf = browser.csrf ?? ''
    const path = `${base}/acme/app${query && `?${query}${encodeURIComponent(csrf)}`}`
    const response = await browser.request('PUT', path, { description: 'x' }, headers(csrf))
    expect(response.status).toBe(status)
    if (status === 403) {
      expect(await response.json()).toEqual({ error: 'CSRF token was invalid or missing. (authorized: user alice)' })
    }
  })
})

describe('paths and queries', () => {
  it.each<{ as?: Person; method?: string; path: string; status: number }>([
    { path: `${base}/acme%2Fapp`, status: 200 },
    { path: `${base}/acme/App`, status: 404 },
    { path: `${base}/acme/app/`, status: 404 },
    { path: `${base}/`, status: 404 },
    { path: `${base}/acme/app/tag`, status: 200 },
    { path: `${base}/acme/app/permissions/user`, status: 200 },
    { path: `${base}/acme/app/permissions/team`, status: 200 },
    { path: `${base}/acme/app/permissions/user/alice/`, status: 404 },
    { path: '/api/v1/organization/acme/prototypes/', status: 404 },
    { path: `${base}/acme/app/nosuch`, status: 404 },
    { as: 'dave', path: `${base}/acme/app/nosuch`, status: 403 },
    { path: `${base}/acme/app/manifest/latest`, status: 404 },
    { path: `${base}/acme/app/changevisibility`, status: 404 },
    { method: 'POST', path: `${base}/acme/app/nosuch`, status: 405 },
    { method: 'POST', path: `${base}/acme/app/tag/x`, status: 405 },
    { method: 'PUT', path: `${base}/acme/app/tag/a/b`, status: 404 },
    { path: '/api/v1/nosuch', status: 404 },
    { path: `${base}?namespace=acme&nosuch=1`, status: 200 },
    { path: `${base}/acme/app/tag/?limit=5&limit=abc`, status: 200 },
    { path: `${base}/acme/app/tag/?limit=abc&limit=5`, status: 400 },
    { path: `${base}/acme/app/tag/?limit=%205%20`, status: 200 },
  ])('$method $path as $as: $status', async ({ as = 'alice', method = 'GET', path, status }) => {
    const world = await createWorld()
    const response = await world.as(as).request(method, path, method === 'GET' ? undefined : { description: 'x' })
    expect(response.status).toBe(status)
    expect(await world.events()).toEqual([])
  })

  it.each(['foo.bar', 'foo-bar', 'foo_bar', 'logs', 'build', 'tokens'])(
    'a repository may be called %s',
    async (name) => {
      const world = await createWorld()
      const made = { repository: name, visibility: 'private', description: '' }
      await world.arrange('dave', [`POST ${base}`, made])
      expect(await world.as('dave').get(`${base}/dave/${name}`)).toMatchObject({ namespace: 'dave', name })
    },
  )

  it.each([
    ['true', true],
    ['no', true],
    ['off', true],
    ['1', true],
    ['false', false],
    ['False', false],
    ['FALSE', false],
    ['0', false],
    ['', false],
    ['null', false],
    ['false&includeTags=true', false],
  ])('includeTags=%s is %s', async (value, shown) => {
    const world = await createWorld()
    const response = await world.as('alice').request('GET', `${base}/acme/app?includeTags=${value}`)
    expect(response.status).toBe(200)
    expect('tags' in ((await response.json()) as object)).toBe(shown)
  })

  it('keys that a body need not have are ignored', async () => {
    const world = await createWorld()
    const response = await world.as('alice').request('PUT', `${base}/acme/app`, { description: 'x', nosuch: 1 })
    expect([response.status, await response.json()]).toEqual([200, { success: true }])
  })
})
