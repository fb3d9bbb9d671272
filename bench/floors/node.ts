import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { serve } from '@hono/node-server'
import { createClient } from '@libsql/client'
import { Hono } from 'hono'
import { type Bound, moveTag } from './moveTag.ts'
import type { Setup } from './setup.ts'
import { type Row, shapes } from './shapes.ts'

/** The floors of workerd.ts, as bare programs for Node; without a Cache API there is none of a cache. */
const folder = process.env.QUAYSIDE_DATA ?? '.'
const client = createClient({
  url: `file:${join(folder, 'registry.db')}`,
  intMode: 'number',
  timeout: 5000,
} as Parameters<typeof createClient>[0])
await client.execute('pragma journal_mode = wal')

const setups = new Map<string, Setup>()
const setupOf = (name: string) => setups.get(name) as Setup
const app = new Hono()

app.get('/static/:name', (c) => {
  const { body, status, headers } = setupOf(c.req.param('name'))
  return status === 304 ? c.body(null, 304, headers) : c.body(body, 200, headers)
})

app.get('/queried/:name', async (c) => {
  const { query, headers } = setupOf(c.req.param('name'))
  if (!query) throw new Error('no query')
  const { rows } = await client.execute({ sql: query.text, args: query.values as never })
  return c.body(shapes[query.shape](rows as unknown as Row[], query.along as never), 200, headers)
})

app.put('/moved/:name/:tag', async (c) => {
  const { manifest_digest: digest } = await c.req.json()
  const batch = async (statements: readonly Bound[]) => {
    const mode = statements.every(([text]) => /^(select|with)/.test(text)) ? 'read' : 'write'
    const bound = statements.map(([sql, ...args]) => ({ sql, args: args as never }))
    return (await client.batch(bound, mode)).map(({ rows }) => rows as unknown as Row[])
  }
  const { move } = setupOf(c.req.param('name'))
  if (!move) throw new Error('no move')
  await moveTag(batch, move, c.req.param('tag'), digest)
  return c.json('Updated', 201)
})

app.put('/bytes/:name', async (c) => {
  await pipeline(Readable.fromWeb(c.req.raw.body as never), createWriteStream(join(folder, c.req.param('name'))))
  return c.body(null, 201)
})

app.get('/bytes/:name', async (c) => {
  const path = join(folder, c.req.param('name'))
  const headers = { 'content-length': String((await stat(path)).size) }
  return c.body(Readable.toWeb(createReadStream(path)) as never, 200, headers)
})

app.put('/prepare/:name', async (c) => {
  setups.set(c.req.param('name'), await c.req.json())
  return c.body(null, 204)
})

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env.PORT) })
