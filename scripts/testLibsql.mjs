/** `npm run test:libsql`: the same suite on a libSQL server of its own. Arguments go to vitest. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const folder = mkdtempSync(join(tmpdir(), 'quayside-libsql-'))
const port = process.env.QUAYSIDE_TEST_LIBSQL_PORT ?? (await freePort())
const url = `http://127.0.0.1:${port}`

const server = spawn('sqld', ['--no-welcome'], {
  env: { ...process.env, SQLD_HTTP_LISTEN_ADDR: `127.0.0.1:${port}`, SQLD_DB_PATH: folder, RUST_LOG: 'error' },
  stdio: ['ignore', 'inherit', 'inherit'],
})
const gone = new Promise((done) => server.on('exit', done).on('error', done))

let status = 1
try {
  await ready()
  const suite = spawn('vitest', ['run', ...process.argv.slice(2)], {
    env: { ...process.env, QUAYSIDE_TEST_LIBSQL_URL: url },
    stdio: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => suite.kill(signal))
  status = await new Promise((done) => suite.on('exit', (code) => done(code ?? 1)).on('error', () => done(1)))
} catch (error) {
  console.error(error.message)
} finally {
  // Under contention this server may hold its lock for ever and be deaf to a friendly signal.
  server.kill('SIGTERM')
  await Promise.race([gone, sleep(3000).then(() => server.kill('SIGKILL'))])
  await gone
  rmSync(folder, { recursive: true, force: true })
}
process.exit(status)

async function ready() {
  for (let tries = 0; tries < 100; tries++) {
    if (server.exitCode !== null || server.pid === undefined) break
    const answer = await fetch(`${url}/health`).catch(() => undefined)
    if (answer?.ok) return
    await sleep(100)
  }
  throw new Error('the libSQL server did not start')
}

function freePort() {
  return new Promise((done, fail) => {
    const probe = createServer().on('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => done(port))
    })
  })
}
