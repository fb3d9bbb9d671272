import { createCipheriv, createHash } from 'node:crypto'
import type { seededRandom } from '../support/random.ts'

/** The connection broke, or what answered was about to die: nobody knows what became of the request. */
export class Interrupted extends Error {}

export interface Acknowledged {
  /** Its path below `/v2/`. */
  path: string
  digest: string
  sizeBytes: number
}

export const digestOf = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** Bytes that don't compress, the same for the same name. */
export function noise(name: string, length: number): Uint8Array<ArrayBuffer> {
  const key = createHash('sha256').update(name).digest()
  const cipher = createCipheriv('aes-128-ctr', key.subarray(0, 16), key.subarray(16))
  return new Uint8Array(cipher.update(new Uint8Array(length)))
}

/**
 * A client that goes on after its registry has died and come back. It holds the registry to its word: what was
 * acknowledged is there, and what was not is whole, absent, or can be gone on with from where the registry says.
 */
export class SteadyClient {
  readonly acknowledged: Acknowledged[] = []
  readonly counts = { requests: 0, interruptions: 0, resumed: 0, absent: 0, done: 0 }
  readonly #host: string
  readonly #token: string
  readonly #random: ReturnType<typeof seededRandom>
  /** Resolves once the registry is up; to how often it has died. */
  readonly #alive: () => Promise<number>

  constructor(host: string, token: string, random: ReturnType<typeof seededRandom>, alive: () => Promise<number>) {
    this.#host = host
    this.#token = token
    this.#random = random
    this.#alive = alive
  }

  async ask(method: string, path: string, body?: Uint8Array<ArrayBuffer> | string, headers: HeadersInit = {}) {
    const deaths = await this.#alive()
    const authorization = `Bearer ${this.#token}`
    const init = { method, headers: { authorization, ...headers }, ...(body !== undefined && { body }) }
    const url = `http://${this.#host}${path}`
    try {
      const response = await fetch(url, init)
      const bytes = new Uint8Array(await response.arrayBuffer())
      if (response.status >= 500) throw new Error(`${method} ${path}: ${response.status} ${Buffer.from(bytes)}`)
      this.counts.requests++
      return { status: response.status, headers: response.headers, bytes }
    } catch (cause) {
      await new Promise((done) => setTimeout(done, 300))
      if ((await this.#alive()) === deaths) throw cause
      this.counts.interruptions++
      throw new Interrupted(`${method} ${path}`, { cause })
    }
  }

  /** Pushes a blob, however often that is cut off. */
  async pushBlob(repository: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    const digest = digestOf(bytes)
    const path = `${repository}/blobs/${digest}`
    for (let session: Session | undefined; ; ) {
      try {
        session ??= await this.#begin(repository, digest, bytes)
        if (session) await this.#finish(session, digest, bytes)
        this.acknowledged.push({ path, digest, sizeBytes: bytes.length })
        return digest
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error
        session = await this.#steadily(() => this.#whereItStands(path, digest, session, bytes))
      }
    }
  }

  /** Pushes a manifest under a name, however often that is cut off. */
  async pushManifest(repository: string, tag: string, text: string, mediaType: string): Promise<string> {
    const path = `${repository}/manifests/${tag}`
    const digest = digestOf(Buffer.from(text))
    await this.#steadily(async () => {
      const before = await this.ask('GET', `/v2/${path}`)
      if (before.status === 200) expectSame(path, digestOf(before.bytes), digest)
      const { status, bytes } = await this.ask('PUT', `/v2/${path}`, text, { 'content-type': mediaType })
      if (status !== 201) throw new Error(`PUT ${path}: ${status} ${Buffer.from(bytes)}`)
    })
    this.acknowledged.push({ path, digest, sizeBytes: text.length })
    return digest
  }

  /** Gets what was acknowledged, to the last byte. */
  async check({ path, digest }: Acknowledged): Promise<void> {
    await this.#steadily(async () => {
      const { status, bytes } = await this.ask('GET', `/v2/${path}`)
      if (status !== 200) throw new Error(`${path} was acknowledged and is lost: ${status} ${Buffer.from(bytes)}`)
      expectSame(path, digestOf(bytes), digest)
    })
  }

  /** An upload that brings some bytes and is then left alone. Resolves to its path. */
  abandonUpload(repository: string): Promise<string> {
    return this.#steadily(async () => {
      const { headers } = await this.ask('POST', `/v2/${repository}/blobs/uploads/`)
      const path = headers.get('location') ?? ''
      await this.ask('PATCH', path, noise('abandoned', 9_000_000))
      return path
    })
  }

  async #steadily<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work()
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error
      }
    }
  }

  /** Begins an upload; or in one request it is one, and there is nothing to go on with. */
  async #begin(repository: string, digest: string, bytes: Uint8Array<ArrayBuffer>): Promise<Session | undefined> {
    const uploads = `/v2/${repository}/blobs/uploads/`
    if (this.#random.below(4) === 0) {
      const { status } = await this.ask('POST', `${uploads}?digest=${digest}`, bytes)
      expectSame('POST with a digest', status, 201)
      return undefined
    }
    const { status, headers } = await this.ask('POST', uploads)
    expectSame('POST', status, 202)
    const chunkBytes = [bytes.length, 0, 1_000_000 + this.#random.below(9_000_000)][this.#random.below(3)]
    return { path: headers.get('location') ?? '', acknowledgedBytes: 0, chunkBytes: chunkBytes ?? 0 }
  }

  /** Sends the rest of an upload: in chunks, or all of it at the end. */
  async #finish(session: Session, digest: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const { path, chunkBytes } = session
    while (chunkBytes > 0 && session.acknowledgedBytes < bytes.length) {
      const from = session.acknowledgedBytes
      const chunk = bytes.slice(from, from + chunkBytes)
      const range = { 'content-range': `${from}-${from + chunk.length - 1}` }
      const { status, bytes: answer } = await this.ask('PATCH', path, chunk, range)
      if (status !== 202) throw new Error(`PATCH from ${from}: ${status} ${Buffer.from(answer)}`)
      session.acknowledgedBytes += chunk.length
    }
    const rest = bytes.slice(session.acknowledgedBytes)
    const { status, bytes: answer } = await this.ask('PUT', `${path}?digest=${digest}`, rest)
    if (status !== 201) throw new Error(`PUT of the last ${rest.length} bytes: ${status} ${Buffer.from(answer)}`)
  }

  /** What became of an upload that was cut off: it goes on, or it is over, with the blob or without a trace. */
  async #whereItStands(path: string, digest: string, session: Session | undefined, bytes: Uint8Array<ArrayBuffer>) {
    const blob = await this.ask('GET', `/v2/${path}`)
    if (blob.status === 200) expectSame(path, digestOf(blob.bytes), digest)
    else expectSame(`GET ${path}`, blob.status, 404)
    const state = session && (await this.ask('GET', session.path))
    if (!session || state?.status === 404) {
      this.counts[blob.status === 200 ? 'done' : 'absent']++
      return undefined
    }
    expectSame(`GET ${session.path}`, state?.status, 204)
    const last = Number(/^0-(\d+)$/.exec(state?.headers.get('range') ?? '')?.[1])
    const offset = last === 0 ? 0 : last + 1
    if (!(offset >= session.acknowledgedBytes && offset <= bytes.length))
      throw new Error(`${session.acknowledgedBytes} bytes were acknowledged, ${offset} are there`)
    this.counts.resumed++
    return {
      ...session,
      acknowledgedBytes: offset,
      chunkBytes: this.#random.below(2) * (1 + this.#random.below(8)) * 1_000_000,
    }
  }
}

interface Session {
  path: string
  acknowledgedBytes: number
  /** 0 sends all that is left with the end. */
  chunkBytes: number
}

function expectSame(what: string, got: unknown, wanted: unknown) {
  if (got !== wanted) throw new Error(`${what}: ${got}, not ${wanted}`)
}
