/**
 * `npm run bench`: requests per second and latencies of the bundled app in workerd, through the Miniflare API, beside a
 * static Hono route in the same runtime. Only the ratios mean something on another machine.
 * `-- --seconds 5 --connections 8 --json FILE`
 */
import { execFile, execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { build } from 'esbuild'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    connections: { type: 'string', default: '8' },
    json: { type: 'string' },
  },
})
const root = dirname(import.meta.dirname)
const folder = mkdtempSync(join(tmpdir(), 'quayside-bench-'))
const secret = randomBytes(32).toString('hex')
const versionOf = (name) => JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version
const compatibilityDate = /^compatibility_date = "(.*)"/m.exec(readFileSync(join(root, 'wrangler.toml'), 'utf8'))[1]

const running = []
try {
  execFileSync('wrangler', ['deploy', '--dry-run', '--minify', '--outdir', join(folder, 'app')], {
    cwd: root,
    env: { ...process.env, CI: '1', WRANGLER_SEND_METRICS: 'false' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await build({
    entryPoints: [join(root, 'bench/floor.ts')],
    bundle: true,
    minify: true,
    format: 'esm',
    outfile: join(folder, 'floor/floor.js'),
  })
  await measureAll()
} finally {
  await Promise.all(running.map((miniflare) => miniflare.dispose()))
  rmSync(folder, { recursive: true, force: true })
}

async function measureAll() {
  const floor = await start('floor', {})
  const app = await start('app', { EDGE_TTL_SECONDS: '0' })
  const migrations = readdirSync(join(root, 'drizzle')).filter((name) => name.endsWith('.sql'))
  const db = await app.miniflare.getD1Database('DB')
  for (const name of migrations.sort()) {
    const statements = readFileSync(join(root, 'drizzle', name), 'utf8').split('--> statement-breakpoint')
    await db.batch(statements.map((statement) => db.prepare(statement)))
  }
  const seeded = await seed(app.url, db)

  const report = {
    runtime: `workerd ${versionOf('workerd')} through the Miniflare API ${versionOf('miniflare')}, D1 and R2 simulated, node ${process.version}`,
    machine: `${cpus().length} × ${cpus()[0]?.model.trim()}`,
    load: `autocannon in a process of its own, ${options.connections} connections, ${options.seconds} s each`,
    rows: [],
  }
  const bearer = { authorization: `Bearer ${seeded.token}` }
  const registry = { authorization: `Bearer ${seeded.registryToken}` }
  const list = (name) => `/api/v1/repository/bench/${name}/tag/?limit=50&onlyActiveTags=true`
  const lookup = '/api/v1/repository/bench/large/tag/?specificTag=t77777&onlyActiveTags=true'
  const move = (digest) => ({
    method: 'PUT',
    path: '/api/v1/repository/bench/large/tag/moving',
    headers: { ...bearer, 'content-type': 'application/json' },
    body: JSON.stringify({ manifest_digest: digest }),
  })

  await measure('static Hono route (the floor)', floor.url, [{ path: '/static' }])
  const cold = [
    ['tag list, page of 50 of 1,000 tags', [{ path: list('small'), headers: bearer }]],
    ['tag list, page of 50 of 100,000 tags', [{ path: list('large'), headers: bearer }]],
    ['tag lookup by name, of 100,000', [{ path: lookup, headers: bearer }]],
    ['manifest GET by digest', [{ path: `/v2/bench/large/manifests/${seeded.digests[0]}`, headers: registry }]],
    ['manifest GET by tag, of 100,000', [{ path: '/v2/bench/large/manifests/t77777', headers: registry }]],
  ]
  for (const [name, requests] of cold) await measure(name, app.url, requests)

  // Writers of one tag would only take turns: one connection, beside the floor of one connection.
  await measure('static Hono route, one connection', floor.url, [{ path: '/static' }], 1)
  await measure('tag move of 100,000, one connection', app.url, seeded.digests.map(move), 1)

  await app.miniflare.setOptions(optionsOf('app', {}))
  const edgeUrl = await urlOf(app.miniflare)
  const kept = [
    ['tag list of 100,000, kept at the edge', [{ path: list('large'), headers: bearer }]],
    ['tag lookup of 100,000, kept at the edge', [{ path: lookup, headers: bearer }]],
  ]
  for (const [name, requests] of kept) await measure(name, edgeUrl, requests)

  if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`)

  async function measure(name, url, requests, connections = Number(options.connections)) {
    const run = (seconds) => load({ url, requests, connections, seconds })
    await run(1)
    const { rate, p50, p99, non2xx, errors, statuses } = await run(Number(options.seconds))
    if (non2xx + errors > 0) throw new Error(`${name}: ${errors} errors, answers ${JSON.stringify(statuses)}`)
    const floorRate = report.rows.find((row) => row.path === '/static' && row.connections === connections)?.rate
    const ratio = rate / (floorRate ?? rate)
    if (report.rows.length === 0) {
      for (const line of [report.runtime, report.machine, report.load, '']) console.log(line)
      console.log(
        `${'request'.padEnd(42)}${'req/s'.padStart(8)}${'p50 ms'.padStart(8)}${'p99 ms'.padStart(8)}${'ratio'.padStart(8)}`,
      )
    }
    report.rows.push({ name, path: requests[0].path, connections, rate, p50, p99, ratio })
    console.log(
      name.padEnd(42) +
        rate.toFixed(0).padStart(8) +
        String(p50).padStart(8) +
        String(p99).padStart(8) +
        ratio.toFixed(2).padStart(8),
    )
  }
}

async function start(name, variables) {
  const miniflare = new Miniflare(optionsOf(name, variables))
  running.push(miniflare)
  return { miniflare, url: await urlOf(miniflare) }
}

async function urlOf(miniflare) {
  return (await miniflare.ready).href.replace(/\/$/, '')
}

function optionsOf(name, variables) {
  const scripts = { floor: 'floor/floor.js', app: 'app/worker.js' }
  return convertV4MiniflareOptions({
    name,
    rootPath: folder,
    modules: true,
    scriptPath: scripts[name],
    compatibilityDate,
    host: '127.0.0.1',
    port: 0,
    cf: false,
    ...(name === 'app' && {
      bindings: { SECRET_KEY: secret, FEATURE_USER_INITIALIZE: 'true', SUPER_USERS: ['bench'], ...variables },
      d1Databases: { DB: 'bench' },
      r2Buckets: { BLOBS: 'bench' },
    }),
  })
}

/** Two repositories, filled by a real push and then by copies of its rows: as many requests would take an hour. */
async function seed(url, db) {
  const ask = async (method, path, headers, body) => {
    const answer = await fetch(new URL(path, url), { method, headers, body })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer
  }
  const json = { 'content-type': 'application/json' }
  const user = { username: 'bench', password: 'bench-password-1', email: 'bench@example.com', access_token: true }
  const first = await (await ask('POST', '/api/v1/user/initialize', json, JSON.stringify(user))).json()
  const basic = { authorization: `Basic ${btoa('bench:bench-password-1')}` }
  const digests = []
  let registryToken
  for (const name of ['small', 'large']) {
    const scope = `repository:bench/${name}:pull,push`
    const { token } = await (await ask('GET', `/v2/auth?service=${new URL(url).host}&scope=${scope}`, basic)).json()
    registryToken = token
    for (const tag of ['first', 'second']) digests.push(await push(name, tag, { authorization: `Bearer ${token}` }))
  }
  for (const [name, count] of [
    ['small', 1000],
    ['large', 100_000],
  ])
    await multiply(name, count)
  return { token: first.access_token, registryToken, digests: digests.slice(2) }

  async function push(name, tag, bearer) {
    const put = async (text) => {
      const bytes = Buffer.from(text)
      const digest = digestOf(bytes)
      await ask(
        'POST',
        `/v2/bench/${name}/blobs/uploads/?digest=${digest}`,
        { ...bearer, 'content-type': 'application/octet-stream' },
        bytes,
      )
      return { digest, size: bytes.length }
    }
    const mediaType = 'application/vnd.oci.image.manifest.v1+json'
    const config = {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      ...(await put(JSON.stringify({ name, tag }))),
    }
    const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...(await put(`layer of ${tag}`)) }
    const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, config, layers: [layer] }))
    await ask('PUT', `/v2/bench/${name}/manifests/${tag}`, { ...bearer, 'content-type': mediaType }, manifest)
    return digestOf(manifest)
  }

  async function multiply(name, count) {
    const source = `from tag s join repository r on r.id = s.repository_id where r.name = '${name}' and s.name = 'first'`
    const numbers = `with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${count - 2})`
    const statements = [
      `insert into tag_revision (repository_id, name, manifest_id, started_at, cause)
       ${numbers} select r.id, 't' || n, s.manifest_id, s.started_at - n * 1000, s.cause ${source.replace('where', 'join numbers where')}`,
      `insert into tag (repository_id, name, revision_id, manifest_id, started_at, created_at, cause)
       select v.repository_id, v.name, v.id, v.manifest_id, v.started_at, v.started_at, v.cause
       from tag_revision v join repository r on r.id = v.repository_id where r.name = '${name}' and v.name glob 't[0-9]*'`,
      `update repository set tag_count = ${count} where name = '${name}'`,
    ]
    await db.batch(statements.map((statement) => db.prepare(statement)))
  }
}

function digestOf(bytes) {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

async function load(spec) {
  const program = join(import.meta.dirname, 'load.mjs')
  const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(spec)])
  return JSON.parse(stdout)
}
