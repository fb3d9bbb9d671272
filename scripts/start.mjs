/**
 * `npm start`: brings local storage up to date and serves the registry with it, in workerd, without a network.
 * What is written behind `--` goes to `wrangler dev`: `npm start -- --port 9000 --persist-to DIR --var KEY:VALUE`.
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = dirname(import.meta.dirname)
const wrangler = resolve(dirname(fileURLToPath(import.meta.resolve('wrangler'))), '../bin/wrangler.js')
const given = process.argv.slice(2)
const { values: options } = parseArgs({
  args: given,
  strict: false,
  options: {
    port: { type: 'string' },
    ip: { type: 'string' },
    'persist-to': { type: 'string' },
    'env-file': { type: 'string', multiple: true },
  },
})

const persistTo = resolve(root, options['persist-to'] ?? '.wrangler/state')

/** No questions, no telemetry, no traces, no waiting for a network that may not be there. */
const quiet = {
  CI: '1',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  WRANGLER_SEND_METRICS: 'false',
  X_LOCAL_OBSERVABILITY: 'false',
}

/** Each in a process group of its own: wrangler's own children outlive a signal that only reaches their parent. */
let child
function run(args, stdio) {
  child = spawn(process.execPath, [wrangler, ...args], {
    cwd: root,
    detached: true,
    env: { ...process.env, ...quiet },
    stdio,
  })
  return child
}

let stoppedBy
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    stoppedBy ??= signal
    stop(signal)
  })

/** npm passes signals on to its shell, which keeps them to itself: a parent that is gone is a signal too. */
const parent = process.ppid
setInterval(() => {
  if (process.ppid !== parent) process.emit('SIGTERM', 'SIGTERM')
}, 500).unref()

function stop(signal) {
  if (!child || child.exitCode !== null) return
  child.kill(signal)
  setTimeout(() => endGroup(child.pid, 'SIGKILL'), 5000).unref()
}

function endGroup(pid, signal) {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

const ended = (process_) => new Promise((done) => process_.on('close', (code, signal) => done(code ?? signal)))

async function migrate() {
  const args = ['d1', 'migrations', 'apply', 'DB', '--local', '--persist-to', persistTo]
  const migration = run(args, ['ignore', 'pipe', 'pipe'])
  let output = ''
  for (const stream of [migration.stdout, migration.stderr]) stream.on('data', (text) => (output += text))
  const code = await ended(migration)
  if (code === 0) return
  if (!stoppedBy) console.error(`${output}\nThe migrations of local storage failed.`)
  process.exit(typeof code === 'number' ? code : 1)
}

/** Settings for development, made once per storage: a SECRET_KEY has to outlive restarts. */
function developmentSettings() {
  const file = join(persistTo, 'development.env')
  mkdirSync(persistTo, { recursive: true })
  if (!existsSync(file)) {
    const lines = [`SECRET_KEY=${randomBytes(32).toString('hex')}`, 'FEATURE_USER_INITIALIZE=true', '']
    writeFileSync(file, lines.join('\n'), { mode: 0o600, flag: 'wx' })
  }
  // An --env-file makes wrangler leave out .dev.vars; files named later win.
  const own = join(root, '.dev.vars')
  return [file, ...(options['env-file'] ? [] : existsSync(own) ? [own] : [])].flatMap((path) => ['--env-file', path])
}

const defaults = [
  ...(options.port ? [] : ['--port', '8787']),
  ...(options.ip ? [] : ['--ip', '127.0.0.1']),
  ...(options['persist-to'] ? [] : ['--persist-to', persistTo]),
]

await migrate()
if (stoppedBy) process.exit(1)

const server = run(
  ['dev', '--show-interactive-dev-session=false', ...developmentSettings(), ...defaults, ...given],
  ['ignore', 'pipe', 'inherit'],
)
let seen = ''
server.stdout.on('data', (text) => {
  process.stdout.write(text)
  if (seen === undefined) return
  seen += text
  const url = /Ready on (https?:\/\/\S+)/.exec(seen)?.[1]
  if (!url) return
  seen = undefined
  welcome(url)
})

/** A server that cannot read its settings answers 500 to everything: better said here than at the first push. */
async function welcome(url) {
  const answer = await fetch(`${url}/config`).catch((error) => error)
  if (answer.status === 500) {
    await sleep(500)
    console.error('\nQuayside cannot serve with these settings; the log above names the bad one.')
    process.exitCode = 1
    return stop('SIGTERM')
  }
  // Nothing else calls the cron trigger here: tags expire and garbage goes all the same.
  setInterval(() => fetch(`${url}/cdn-cgi/local/scheduled`).catch(() => {}), 60_000).unref()
  console.log(`
Quayside serves ${url}
  documents   ${url}/docs
  storage     ${persistTo}

The first account, which also is the superuser (the answer holds its access token):
  curl -X POST ${url}/api/v1/user/initialize -H 'Content-Type: application/json' \\
    -d '{"username":"admin","password":"change-me-1","email":"admin@example.com","access_token":true}'
`)
}

const result = await ended(server)
endGroup(server.pid, 'SIGKILL')
process.exit(process.exitCode ?? (stoppedBy ? 0 : typeof result === 'number' ? result : 1))
