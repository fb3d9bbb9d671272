import { Hono } from 'hono'

/** What a Worker with our router costs at the least: fifty tags that nobody looked up. */
const tags = Array.from({ length: 50 }, (_, i) => ({
  name: `v1.0.${i}`,
  reversion: false,
  start_ts: 1772366400 + i,
  manifest_digest: `sha256:${String(i).padStart(64, '0')}`,
  is_manifest_list: false,
  size: 4096,
  last_modified: 'Sun, 01 Mar 2026 12:00:00 -0000',
}))

const app = new Hono()
app.get('/static', (c) => c.json({ tags, page: 1, has_additional: true }))

export default app
