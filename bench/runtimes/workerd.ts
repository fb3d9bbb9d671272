import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { temporary } from '../leaving.ts'
import { type Row, type Runtime, registryHost } from './runtime.ts'
import { versionOf } from './versions.ts'

const root = dirname(dirname(import.meta.dirname))
/**
 * The bundle that a deployment would send, in workerd through the Miniflare API. All Workers live in one process and share
 * D1, R2 and the Cache API; the request's host says which of them answers. `readable` bundles keep functions' names.
 */
export async function startWorkerd({
  readable,
  against,
}: {
  readable: boolean
  against: readonly string[]
}): Promise<Runtime> {
  const folder = temporary(mkdtempSync(join(tmpdir(), 'quayside-bench-')))
  try {
    await bundle(folder, readable)
    for (const commit of against) bundleOf(commit, folder)
    const miniflare = new Miniflare(optionsOf(folder, readable, against))
    const { port: text } = await miniflare.ready
    const port = Number(text)
    const pid = childNamed('workerd')
    const target = (worker: string) => ({ port, host: `${worker}.bench`, pid })
    const database = await miniflare.getD1Database('DB', 'cold')
    const sql = async (statements: readonly string[]) => {
      const answers = await database.batch<Row>(statements.map((statement) => database.prepare(statement)))
      return answers.map(({ results }) => results)
    }
    for (const name of readdirSync(join(root, 'drizzle')).sort()) {
      if (name.endsWith('.sql'))
        await sql(readFileSync(join(root, 'drizzle', name), 'utf8').split('--> statement-breakpoint'))
    }
    return {
      name: 'workerd',
      description: `workerd ${versionOf('workerd')} through the Miniflare API ${versionOf('miniflare')}, D1, R2 and Cache API simulated`,
      cold: target('cold'),
      hot: target('hot'),
      before: against.map((commit) => ({ commit, cold: target(`cold-${commit}`), hot: target(`hot-${commit}`) })),
      metered: { cold: target('metered-cold'), hot: target('metered-hot') },
      floor: target('floor'),
      floors: ['static', 'cache', 'query', 'move', 'bytes'],
      sql,
      async inspector(app) {
        const { host } = await miniflare.getInspectorURL()
        const isolates = (await (await fetch(`http://${host}/json`)).json()) as {
          id: string
          webSocketDebuggerUrl: string
        }[]
        const isolate = isolates.find(({ id }) => id.endsWith(`:user:${app}`))
        if (!isolate) throw new Error(`no isolate of ${app} among ${isolates.map(({ id }) => id)}`)
        return isolate.webSocketDebuggerUrl
      },
      bundle: () => readFileSync(join(folder, 'app/worker.js'), 'utf8').split('\n'),
      async stop() {
        await miniflare.dispose()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

function deployTo(outdir: string, { cwd, readable }: { cwd: string; readable: boolean }) {
  execFileSync('wrangler', ['deploy', '--dry-run', ...(readable ? [] : ['--minify']), '--outdir', outdir], {
    cwd,
    env: { ...process.env, CI: '1', WRANGLER_SEND_METRICS: 'false' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/** The same of another commit, with the packages that are installed here. It has to know the database as it is now. */
function bundleOf(commit: string, folder: string) {
  const source = join(folder, `source-${commit}`)
  mkdirSync(source)
  const archive = execFileSync('git', ['archive', commit], { cwd: root, maxBuffer: 2 ** 30 })
  execFileSync('tar', ['-x', '-C', source], { input: archive })
  for (const name of ['node_modules', 'public']) {
    rmSync(join(source, name), { recursive: true, force: true })
    symlinkSync(join(root, name), join(source, name))
  }
  deployTo(join(folder, `app-${commit}`), { cwd: source, readable: false })
}

async function bundle(folder: string, readable: boolean) {
  deployTo(join(folder, 'app'), { cwd: root, readable })
  const common = { bundle: true, minify: !readable, format: 'esm', logLevel: 'warning' } as const
  const floors = join(root, 'bench/floors')
  await build({ ...common, entryPoints: [join(floors, 'workerd.ts')], outfile: join(folder, 'floor.js') })
  const metered = join(folder, 'metered.js')
  await build({ ...common, entryPoints: [join(floors, 'metered.ts')], outfile: metered, external: ['registry'] })
  copyFileSync(join(folder, 'app/worker.js'), join(folder, 'registry'))
}

function optionsOf(folder: string, readable: boolean, against: readonly string[]) {
  const compatibilityDate = /^compatibility_date = "(.*)"/m.exec(readFileSync(join(root, 'wrangler.toml'), 'utf8'))?.[1]
  const SECRET_KEY = randomBytes(32).toString('hex')
  const module = (path: string) => ({ type: 'ESModule' as const, path })
  const worker = (name: string, files: string[], bindings: Record<string, unknown>) => ({
    name,
    routes: [`${name}.bench/*`],
    rootPath: folder,
    modules: files.map(module),
    compatibilityDate,
    bindings: { SECRET_KEY, FEATURE_USER_INITIALIZE: 'true', SERVER_HOSTNAME: registryHost, ...bindings },
    d1Databases: { DB: 'bench' },
    r2Buckets: { BLOBS: 'bench' },
  })
  const cold = { EDGE_TTL_SECONDS: '0' }
  return convertV4MiniflareOptions({
    host: '127.0.0.1',
    port: 0,
    cf: false,
    ...(readable && { inspectorPort: 0 }),
    workers: [
      worker('cold', ['app/worker.js'], cold),
      worker('hot', ['app/worker.js'], {}),
      ...against.flatMap((commit) => [
        worker(`cold-${commit}`, [`app-${commit}/worker.js`], cold),
        worker(`hot-${commit}`, [`app-${commit}/worker.js`], {}),
      ]),
      worker('metered-cold', ['metered.js', 'registry'], cold),
      worker('metered-hot', ['metered.js', 'registry'], {}),
      worker('floor', ['floor.js'], {}),
    ],
  } as Parameters<typeof convertV4MiniflareOptions>[0])
}

/** The child process of that name: Miniflare does not tell its id. */
function childNamed(name: string): number {
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    try {
      const [, command, parent] = /\((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${entry}/stat`, 'utf8')) ?? []
      if (command === name && Number(parent) === process.pid) return Number(entry)
    } catch {}
  }
  throw new Error(`no child process is called ${name}`)
}
