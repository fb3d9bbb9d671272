import { Hono } from 'hono'
import { type Bound, type MoveSetup, moveTag } from './moveTag.ts'
import type { Setup } from './setup.ts'
import { type Row, shapes } from './shapes.ts'

interface Env {
  DB: D1Database
  BLOBS: R2Bucket
}

const setups = new Map<string, Setup>()
const keyOf = (name: string) => `http://floor.invalid/${name}`

/** (a) A route of our router, and bytes that nobody looked up. */
const app = new Hono<{ Bindings: Env }>()
app.get('/static/:name', (c) => {
  const { body, status, headers } = setups.get(c.req.param('name')) as Setup
  return status === 304 ? c.body(null, 304, headers) : c.body(body, 200, headers)
})

/** (b) One `match` of the Cache API; it also knows when a client has the answer already. */
async function cached(name: string, { headers }: Request): Promise<Response> {
  const held = headers.get('if-none-match')
  const asked = held === null ? keyOf(name) : new Request(keyOf(name), { headers: { 'if-none-match': held } })
  return (await caches.default.match(asked)) as Response
}

/** (c) One query, and its rows as JSON. */
async function queried(name: string, { DB }: Env): Promise<Response> {
  const { query, headers } = setups.get(name) as Setup
  if (!query) throw new Error(`no query for ${name}`)
  const { results } = await DB.prepare(query.text)
    .bind(...query.values)
    .all<Row>()
  return new Response(shapes[query.shape](results, query.along as never), { headers })
}

/** (d) The two batches of a tag's move. */
async function moved(path: string, request: Request, { DB }: Env): Promise<Response> {
  const [name = '', tag = ''] = path.split('/')
  const { manifest_digest: digest } = await request.json<{ manifest_digest: string }>()
  const batch = async (statements: readonly Bound[]) => {
    const answers = await DB.batch<Row>(statements.map(([text, ...values]) => DB.prepare(text).bind(...values)))
    return answers.map(({ results }) => results)
  }
  await moveTag(batch, setups.get(name)?.move as MoveSetup, tag, digest)
  return Response.json('Updated', { status: 201 })
}

/** (e) Bytes to and from the bucket. */
async function stored(name: string, request: Request, { BLOBS }: Env): Promise<Response> {
  if (request.method === 'PUT') {
    await BLOBS.put(`floor/${name}`, request.body)
    return new Response(null, { status: 201 })
  }
  const object = await BLOBS.get(`floor/${name}`)
  if (!object) return new Response(null, { status: 404 })
  return new Response(object.body, { headers: { 'content-length': String(object.size) } })
}

async function prepare(name: string, request: Request): Promise<Response> {
  const setup = await request.json<Setup>()
  setups.set(name, setup)
  const headers = { ...setup.headers, 'cache-control': 'max-age=3600' }
  await caches.default.put(keyOf(name), new Response(setup.body, { headers }))
  return new Response(null, { status: 204 })
}

export default {
  fetch(request, env, context) {
    const path = request.url.slice(request.url.indexOf('/', 'http://'.length))
    const [, kind, name = ''] = /^\/([^/]*)\/(.*)$/.exec(path) ?? []
    switch (kind) {
      case 'prepare':
        return prepare(name, request)
      case 'cached':
        return cached(name, request)
      case 'queried':
        return queried(name, env)
      case 'moved':
        return moved(name, request, env)
      case 'bytes':
        return stored(name, request, env)
      default:
        return app.fetch(request, env, context)
    }
  },
} satisfies ExportedHandler<Env>
