/** Pushes or pulls blobs one after another, in a process of its own, and prints how long each took as JSON. */
import { createHash, randomFillSync } from 'node:crypto'
import { Agent, request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import type { Target } from '../request.ts'

export interface BlobLoad {
  target: Target
  headers: Record<string, string>
  direction: 'push' | 'pull'
  /** A registry's repository; without one, the bytes go to the floor. */
  repository?: string | undefined
  bytes: number
  count: number
  /** What a push left to be pulled. */
  places: string[]
}

export interface BlobsMeasured {
  seconds: number[]
  places: string[]
}

const { target, headers, direction, repository, bytes, count, places } = JSON.parse(process.argv[2] ?? '') as BlobLoad
const agent = new Agent({ keepAlive: true })
const content = randomFillSync(Buffer.alloc(bytes))
const measured: BlobsMeasured = { seconds: [], places: [] }

for (let i = 0; i < count; i++) {
  if (direction === 'pull') await timed(() => pull(places[i % places.length] as string))
  else {
    content.writeUInt32BE(i)
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`
    await timed(() => (repository ? push(digest) : put(digest)))
  }
}
agent.destroy()
console.log(JSON.stringify(measured))

async function timed(work: () => Promise<string>) {
  const start = performance.now()
  const place = await work()
  measured.seconds.push((performance.now() - start) / 1000)
  measured.places.push(place)
}

/** As docker does: one PATCH whose length nobody announces. */
async function push(digest: string): Promise<string> {
  const begun = await ask('POST', `/v2/${repository}/blobs/uploads/`, {})
  const sent = await ask('PATCH', pathOf(begun), { 'transfer-encoding': 'chunked' }, content)
  const end = pathOf(sent)
  await ask('PUT', `${end}${end.includes('?') ? '&' : '?'}digest=${digest}`, { 'content-length': '0' })
  return `/v2/${repository}/blobs/${digest}`
}

async function put(digest: string): Promise<string> {
  const path = `/bytes/${digest.slice(7)}`
  await ask('PUT', path, { 'content-length': String(bytes) }, content)
  return path
}

async function pull(path: string): Promise<string> {
  const { length } = await ask('GET', path, {})
  if (length !== bytes) throw new Error(`${path} has ${length} bytes`)
  return path
}

function pathOf({ response }: { response: IncomingMessage }): string {
  const { pathname, search } = new URL(response.headers.location ?? '', 'http://registry.invalid')
  return pathname + search
}

function ask(method: string, path: string, more: OutgoingHttpHeaders, body?: Buffer) {
  return new Promise<{ response: IncomingMessage; length: number }>((resolve, reject) => {
    const { port, host, address = '127.0.0.1' } = target
    const all = { ...headers, host, 'content-type': 'application/octet-stream', ...more }
    const request = httpRequest({ host: address, port, method, path, agent, headers: all })
    request.once('error', reject)
    request.once('response', (response) => {
      let length = 0
      response.on('data', (chunk: Buffer) => {
        length += chunk.length
      })
      response.once('error', reject)
      response.once('end', () => {
        const { statusCode = 0 } = response
        if (statusCode >= 200 && statusCode < 300) resolve({ response, length })
        else reject(new Error(`${method} ${path}: ${statusCode}`))
      })
    })
    // In pieces of 64 KiB, as from a file or a compressor.
    for (let at = 0; body && at < body.length; at += 65_536) request.write(body.subarray(at, at + 65_536))
    request.end()
  })
}
