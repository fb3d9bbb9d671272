/** `npm run build:check`: bundles the Worker as a deployment would, prints its size, and fails when it grew too big. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const gzipKibMax = 1024
const outdir = 'dist/size'

rmSync(outdir, { recursive: true, force: true })
const wrangler = spawnSync('wrangler', ['deploy', '--dry-run', '--minify', '--outdir', outdir], {
  encoding: 'utf8',
  env: { ...process.env, CI: '1', WRANGLER_SEND_METRICS: 'false' },
})
if (wrangler.status !== 0) {
  console.error(wrangler.stdout, wrangler.stderr, wrangler.error ?? '')
  process.exit(1)
}

const parts = readdirSync(outdir, { withFileTypes: true, recursive: true })
  .filter((entry) => entry.isFile() && !/\.(map|md)$/.test(entry.name))
  .map((entry) => readFileSync(`${entry.parentPath}/${entry.name}`))
const kib = (bytes) => bytes / 1024
const whole = kib(parts.reduce((sum, part) => sum + part.length, 0))
const gzip = kib(parts.reduce((sum, part) => sum + gzipSync(part).length, 0))
console.log(`The Worker: ${whole.toFixed(0)} KiB, gzip ${gzip.toFixed(0)} KiB of at most ${gzipKibMax} KiB`)
if (gzip >= gzipKibMax) process.exit(1)
