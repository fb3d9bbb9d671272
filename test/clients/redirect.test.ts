import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { glob, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { writeLayout } from './layout.ts'
import { onNode, startServer } from './server.ts'

const execute = promisify(execFile)
const hasSkopeo = (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'skopeo')))
const password = 'long-enough-1'

/** Which digest lies under a key of the bucket, from the registry's own database. */
async function digestAt(state: string, key: string): Promise<string | undefined> {
  for await (const file of glob(join(state, 'v3/d1/*/*.sqlite'))) {
    const database = new DatabaseSync(file, { readOnly: true })
    try {
      const row = database.prepare('select digest from blob where storage_key = ?').get(key)
      if (row) return String(row.digest)
    } catch {
      // The simulator's own notes lie in files of the same kind.
    } finally {
      database.close()
    }
  }
  return undefined
}

describe.runIf(hasSkopeo && !onNode)('a bucket with S3 credentials', () => {
  it('gives skopeo the blobs that the registry sends it for, and hears no secret of the registry', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'quayside-redirect-'))
    const layout = await writeLayout(join(folder, 'image'), [1000, 9_000_000])
    const asked: IncomingMessage[] = []
    let state = ''
    const bucket = createServer(async (request, response) => {
      asked.push(request)
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://bucket')
      const digest = await digestAt(state, pathname.replace('/layers/', ''))
      if (!digest || !searchParams.has('X-Amz-Signature')) return response.writeHead(403).end()
      response.end(await readFile(join(folder, 'image/blobs', digest.replace(':', '/'))))
    }).listen(0, '127.0.0.1')
    await once(bucket, 'listening')
    const server = await startServer(password, {
      S3_ENDPOINT: `http://127.0.0.1:${(bucket.address() as AddressInfo).port}`,
      S3_BUCKET: 'layers',
      S3_ACCESS_KEY_ID: 'id',
      S3_SECRET_ACCESS_KEY: 'secret',
    })
    state = server.folder
    try {
      const image = `docker://${server.host}/admin/app:v1`
      const login = ['--src-creds', `admin:${password}`, '--src-tls-verify=false']
      const target = join(folder, 'back')
      await execute('skopeo', [
        ...['copy', '--dest-creds', `admin:${password}`, '--dest-tls-verify=false'],
        ...[`oci:${join(folder, 'image')}:one`, image],
      ])
      expect(asked).toHaveLength(0)
      await execute('skopeo', ['copy', ...login, image, `oci:${target}:back`])
      const index = JSON.parse(await readFile(join(target, 'index.json'), 'utf8'))
      expect(index.manifests[0].digest).toBe(layout.one)
      expect(asked).toHaveLength(3)
      for (const { headers } of asked) expect(headers.authorization).toBeUndefined()
    } finally {
      await server.stop()
      bucket.close()
      await rm(folder, { recursive: true, force: true })
    }
  })
})
