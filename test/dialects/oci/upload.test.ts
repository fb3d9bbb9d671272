import { describe, expect, it } from 'vitest'
import { upload } from '../../../src/store/schema.ts'
import type { Store } from '../../../src/store/store.ts'
import { bytesOf, errorCode, pushBlob } from '../../support/push.ts'
import { digestOf } from '../../support/seedImage.ts'
import { type Client, createWorld, type Person } from '../../support/world.ts'

const uploads = '/v2/acme/app/blobs/uploads/'
const MiB = 1024 * 1024

/** Bytes that compress badly and repeat never, the same each time. */
function noise(length: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(length / 4))
  let state = 1
  for (let i = 0; i < words.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    words[i] = state
  }
  return new Uint8Array(words.buffer, 0, length).slice()
}

/** A body that comes in small pieces and does not say how long it is. */
const inPieces = (bytes: Uint8Array, size: number) => {
  let at = 0
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.slice(at, at + size))
      at += size
    },
  })
}

async function start(client: Client, path = uploads): Promise<string> {
  const response = await client.request('POST', path)
  expect(response.status, await response.text()).toBe(202)
  return response.headers.get('location') ?? ''
}

async function readBlob(client: Client, digest: string, headers: Record<string, string> = {}) {
  const response = await client.request('GET', `/v2/acme/app/blobs/${digest}`, undefined, headers)
  return { response, bytes: new Uint8Array(await response.arrayBuffer()) }
}

describe('an upload', () => {
  it.each([
    { case: 'of no bytes', length: 0 },
    { case: 'shorter than a part', length: 1000 },
    { case: 'of exactly one part', length: 8 * MiB },
    { case: 'of parts and a remainder', length: 17 * MiB + 5 },
  ])('in one POST, $case', async ({ length }) => {
    const world = await createWorld()
    const bytes = noise(length)
    const digest = await digestOf(bytes)
    world.meter.reset()
    const response = await world.as('bob').request('POST', `${uploads}?digest=${digest}`, bytes)
    expect(response.status, await response.text()).toBe(201)
    expect(world.meter.roundTrips).toBe(2)
    expect(response.headers.get('location')).toBe(`/v2/acme/app/blobs/${digest}`)
    expect(response.headers.get('docker-content-digest')).toBe(digest)
    const read = await readBlob(world.as('carol'), digest)
    expect(read.response.headers.get('content-length')).toBe(String(length))
    expect(await digestOf(read.bytes)).toBe(digest)
  })

  it.each([
    { case: 'in one PUT', chunks: [], last: 100 },
    { case: 'in one PATCH', chunks: [100], last: 0 },
    { case: 'in chunks that fit no part', chunks: [3 * MiB, 7 * MiB, 1, 6 * MiB + 3], last: 0 },
    { case: 'in chunks and a last one', chunks: [5 * MiB, 5 * MiB], last: 70 },
    { case: 'in chunks of whole parts', chunks: [8 * MiB, 16 * MiB], last: 0 },
  ])('$case, ranged or not, sized or not', async ({ chunks, last }) => {
    const total = noise(chunks.reduce((sum, length) => sum + length, last))
    const digest = await digestOf(total)
    for (const ranged of [true, false]) {
      const world = await createWorld()
      const bob = world.as('bob')
      let location = await start(bob)
      let at = 0
      for (const length of chunks) {
        const chunk = total.slice(at, at + length)
        const range: Record<string, string> = ranged ? { 'content-range': `${at}-${at + length - 1}` } : {}
        const response = await bob.request('PATCH', location, ranged ? chunk : inPieces(chunk, 65_537), range)
        expect(response.status, await response.text()).toBe(202)
        at += length
        expect(response.headers.get('range')).toBe(`0-${at - 1}`)
        location = response.headers.get('location') ?? ''
        const status = await bob.request('GET', location)
        expect([status.status, status.headers.get('range')]).toEqual([204, `0-${at - 1}`])
      }
      const done = await bob.request('PUT', `${location}?digest=${digest}`, last > 0 ? total.slice(at) : undefined)
      expect(done.status, await done.text()).toBe(201)
      expect(await digestOf((await readBlob(bob, digest)).bytes)).toBe(digest)
      await world.settle()
      const [left] = await world.store.batch([world.store.select().from(upload)])
      expect(left).toHaveLength(0)
      expect((await bob.request('GET', location)).status).toBe(404)
    }
  })

  it('takes digests of SHA-512, announced at the end or at the start', async () => {
    const world = await createWorld()
    const bob = world.as('bob')
    const bytes = noise(9 * MiB)
    const hash = await crypto.subtle.digest('SHA-512', bytes)
    const digest = `sha512:${[...new Uint8Array(hash)].map((b) => b.toString(16).padStart(2, '0')).join('')}`
    for (const query of ['', '?digest-algorithm=sha512']) {
      const location = await start(bob, uploads + query)
      await bob.request('PATCH', location, bytes.slice(0, 5 * MiB))
      await bob.request('PATCH', location, bytes.slice(5 * MiB))
      const done = await bob.request('PUT', `${location}?digest=${digest}`)
      expect(done.status, await done.text()).toBe(201)
    }
    expect((await bob.request('HEAD', `/v2/acme/app/blobs/${digest}`)).status).toBe(200)
  })

  it.each([
    {
      case: 'a chunk that leaves a gap',
      headers: { 'content-range': '11-12' },
      body: 'ab',
      status: 416,
      code: 'RANGE_INVALID',
    },
    {
      case: 'a chunk that comes again',
      headers: { 'content-range': '0-4' },
      body: 'hello',
      status: 416,
      code: 'RANGE_INVALID',
    },
    {
      case: 'a range that is none',
      headers: { 'content-range': 'five-six' },
      body: 'ab',
      status: 416,
      code: 'RANGE_INVALID',
    },
    {
      case: 'a chunk that is shorter than its range',
      headers: { 'content-range': '5-9' },
      body: 'ab',
      status: 400,
      code: 'SIZE_INVALID',
    },
    {
      case: 'a chunk that is longer than its range',
      headers: { 'content-range': '5-6' },
      body: 'abc',
      status: 400,
      code: 'SIZE_INVALID',
    },
    {
      case: 'a body that is shorter than it says',
      headers: { 'content-length': '9' },
      body: 'ab',
      status: 400,
      code: 'SIZE_INVALID',
    },
  ])('refuses $case, and can go on', async ({ headers, body, status, code }) => {
    const world = await createWorld()
    const bob = world.as('bob')
    const location = await start(bob)
    await bob.request('PATCH', location, bytesOf('hello'))
    const refused = await bob.request('PATCH', location, bytesOf(body), headers as unknown as Record<string, string>)
    expect(refused.status).toBe(status)
    expect(await errorCode(refused)).toBe(code)
    expect((await bob.request('GET', location)).headers.get('range')).toBe('0-4')
    await bob.request('PATCH', location, bytesOf(' world'), { 'content-range': '5-10' })
    const digest = await digestOf(bytesOf('hello world'))
    expect((await bob.request('PUT', `${location}?digest=${digest}`)).status).toBe(201)
  })

  it('tells how much to send at a time, and takes less', async () => {
    const world = await createWorld()
    const bob = world.as('bob')
    const begun = await bob.request('POST', uploads)
    const location = begun.headers.get('location') ?? ''
    expect(begun.headers.get('oci-chunk-min-length')).toBe(String(8 * MiB))
    expect(location.endsWith(begun.headers.get('docker-upload-uuid') ?? '?')).toBe(true)
    for (const at of [0, 1, 2]) {
      const sent = await bob.request('PATCH', location, bytesOf('x'), { 'content-range': `${at}-${at}` })
      expect([sent.status, sent.headers.get('oci-chunk-min-length')]).toEqual([202, String(8 * MiB)])
    }
    expect((await bob.request('PUT', `${location}?digest=${await digestOf(bytesOf('xxx'))}`)).status).toBe(201)
  })

  it('ends where the bucket takes no more parts, and not with a fault', async () => {
    const world = await createWorld()
    const bob = world.as('bob')
    const location = await start(bob)
    const parts = Array.from({ length: 10_000 }, (_, i) => ({ partNumber: i + 1, etag: 'e' }))
    const full = { parts, multipartId: 'm', offsetBytes: parts.length * 8 * MiB }
    await world.store.batch([world.store.update(upload).set(full)])
    const refused = await bob.request('PATCH', location, noise(8 * MiB))
    expect([refused.status, await errorCode(refused)]).toEqual([400, 'SIZE_INVALID'])
  })

  it('tells a client that is out of step where to go on', async () => {
    const world = await createWorld()
    const bob = world.as('bob')
    const location = await start(bob)
    await bob.request('PATCH', location, bytesOf('hello'))
    const refused = await bob.request('PATCH', location, bytesOf('x'), { 'content-range': '7-7' })
    expect([refused.status, refused.headers.get('range'), refused.headers.get('location')]).toEqual([
      416,
      '0-4',
      location,
    ])
  })

  it('lets one of two chunks for one place in', async () => {
    const world = await createWorld()
    const bob = world.as('bob')
    const location = await start(bob)
    const texts = ['one', 'two']
    const statuses = await Promise.all(
      texts.map(
        async (text) => (await bob.request('PATCH', location, bytesOf(text), { 'content-range': '0-2' })).status,
      ),
    )
    expect(statuses.toSorted()).toEqual([202, 416])
    expect((await bob.request('GET', location)).headers.get('range')).toBe('0-2')
    const digest = await digestOf(bytesOf(texts[statuses.indexOf(202)] ?? ''))
    expect((await bob.request('PUT', `${location}?digest=${digest}`)).status).toBe(201)
    expect((await readBlob(bob, digest)).bytes).toHaveLength(3)
  })

  it.each([
    { case: 'a digest of other bytes', digest: `sha256:${'0'.repeat(64)}`, over: true },
    { case: 'a digest of other bytes, SHA-512', digest: `sha512:${'0'.repeat(128)}`, over: true },
    { case: 'no digest', digest: '', over: false },
    { case: 'a digest that is none', digest: 'sha256:abc', over: false },
    { case: 'a digest that cannot be checked', digest: `md5:${'0'.repeat(32)}`, over: false },
  ])('refuses $case at its end', async ({ digest, over }) => {
    const world = await createWorld()
    const bob = world.as('bob')
    const location = await start(bob)
    await bob.request('PATCH', location, bytesOf('hello'))
    const refused = await bob.request('PUT', digest ? `${location}?digest=${digest}` : location)
    expect([refused.status, await errorCode(refused)]).toEqual([400, 'DIGEST_INVALID'])
    if (digest) expect((await bob.request('HEAD', `/v2/acme/app/blobs/${digest}`)).status).not.toBe(200)
    expect((await bob.request('GET', location)).status).toBe(over ? 404 : 204)
  })

  it('refuses a wrong digest in one POST, and keeps nothing', async () => {
    const world = await createWorld()
    const digest = `sha256:${'0'.repeat(64)}`
    const refused = await world.as('bob').request('POST', `${uploads}?digest=${digest}`, noise(9 * MiB))
    expect([refused.status, await errorCode(refused)]).toEqual([400, 'DIGEST_INVALID'])
    expect((await world.as('bob').request('HEAD', `/v2/acme/app/blobs/${digest}`)).status).toBe(404)
  })

  it('never holds bytes of two writers, however they race', async () => {
    const world = await createWorld()
    const bob = world.as('bob')
    const location = await start(bob)
    const bodies = [noise(9 * MiB), noise(9 * MiB).map((byte) => byte ^ 1)]
    const range = { 'content-range': `0-${9 * MiB - 1}` }
    const statuses = await Promise.all(
      bodies.map(async (body) => (await bob.request('PATCH', location, body, range)).status),
    )
    expect(statuses.toSorted()).toEqual([202, 416])
    const digest = await digestOf(bodies[statuses.indexOf(202)] ?? new Uint8Array())
    const done = await bob.request('PUT', `${location}?digest=${digest}`)
    expect([201, 404]).toContain(done.status)
    if (done.status === 201) expect(await digestOf((await readBlob(bob, digest)).bytes)).toBe(digest)
    else expect((await bob.request('HEAD', `/v2/acme/app/blobs/${digest}`)).status).toBe(404)
  })

  it.each([
    { case: 'other bytes', length: 100, other: (bytes: Uint8Array) => digestOf(bytes) },
    { case: 'other bytes in parts', length: 9 * MiB, other: (bytes: Uint8Array) => digestOf(bytes) },
    { case: 'a digest of other bytes', length: 100, other: async () => `sha256:${'0'.repeat(64)}` },
    { case: 'an SHA-512 of other bytes', length: 100, other: async () => `sha512:${'0'.repeat(128)}` },
    { case: 'an SHA-512 of other bytes in parts', length: 9 * MiB, other: async () => `sha512:${'0'.repeat(128)}` },
  ])('that ends twice at once, once with $case, is what was acknowledged', async ({ length, other }) => {
    for (const rightFirst of [true, false]) {
      const world = await createWorld()
      const bob = world.as('bob')
      const location = await start(bob)
      const right = noise(length)
      const wrong = right.map((byte, i) => (i < 5 ? byte : byte ^ 1))
      await bob.request('PATCH', location, right.slice(0, 5))
      const requests = [
        { digest: await digestOf(right), bytes: right.slice(5) },
        { digest: await other(wrong), bytes: wrong.slice(5) },
      ]
      const answers = await Promise.all(
        (rightFirst ? requests : requests.toReversed()).map(async ({ digest, bytes }) => {
          const { status } = await bob.request('PUT', `${location}?digest=${digest}`, bytes)
          return { digest, status }
        }),
      )
      await world.settle()
      expect(answers.every(({ status }) => [201, 400, 404, 409].includes(status))).toBe(true)
      for (const { digest, status } of answers) {
        const { response, bytes } = await readBlob(bob, digest)
        expect(response.status).toBe(status === 201 ? 200 : 404)
        if (status === 201) expect(await digestOf(bytes)).toBe(digest)
      }
    }
  })

  it.each([100, 9 * MiB])('that ends twice at once with the same %i bytes has ended well', async (length) => {
    const world = await createWorld()
    const bob = world.as('bob')
    const location = await start(bob)
    const bytes = noise(length)
    const digest = await digestOf(bytes)
    await bob.request('PATCH', location, bytes.slice(0, 50))
    const statuses = await Promise.all(
      [1, 2].map(async () => (await bob.request('PUT', `${location}?digest=${digest}`, bytes.slice(50))).status),
    )
    expect(statuses).toContain(201)
    // The second one may come when the upload is over already.
    expect(statuses.filter((status) => ![201, 404].includes(status))).toEqual([])
    expect(await digestOf((await readBlob(bob, digest)).bytes)).toBe(digest)
  })

  it.each([
    { case: 'a short one, again', sent: 5, length: 1000, again: 'put' },
    { case: 'of parts, again', sent: 9 * MiB, length: 10 * MiB, again: 'put' },
    { case: 'of parts, in another way', sent: 9 * MiB, length: 10 * MiB, again: 'patch' },
    { case: 'of parts, whole parts in another way', sent: 9 * MiB, length: 26 * MiB, again: 'patch' },
  ])('goes on where its end was cut off between its bytes and its row: $case', async ({ sent, length, again }) => {
    const world = await createWorld()
    const bob = world.as('bob')
    const bytes = noise(length)
    const digest = await digestOf(bytes)
    const location = await start(bob)
    await bob.request('PATCH', location, bytes.slice(0, sent))

    let batches = 0
    const batch: Store['batch'] = async (statements) => {
      if (++batches === 2) throw new Error('killed')
      return world.store.batch(statements)
    }
    const store = Object.assign(Object.create(world.store), { batch })
    const dying = world.client(bob.identity, { ...world.services, store })
    const killed = await dying.request('PUT', `${location}?digest=${digest}`, bytes.slice(sent))
    expect([killed.status, batches]).toEqual([500, 2])
    expect((await bob.request('HEAD', `/v2/acme/app/blobs/${digest}`)).status).toBe(404)
    expect((await bob.request('GET', location)).headers.get('range')).toBe(`0-${sent - 1}`)

    if (again === 'patch') {
      const range = { 'content-range': `${sent}-${length - 1}` }
      expect((await bob.request('PATCH', location, bytes.slice(sent), range)).status).toBe(202)
    }
    const rest = again === 'patch' ? undefined : bytes.slice(sent)
    const done = await bob.request('PUT', `${location}?digest=${digest}`, rest)
    expect(done.status, await done.text()).toBe(201)
    expect(await digestOf((await readBlob(bob, digest)).bytes)).toBe(digest)
  })

  it.each(['sha256:', 'sha256:!', `sha256:${'A'.repeat(147)}`, 'sha512:AQAA'])(
    'does not go on from a hash state that is not whole: %s',
    async (hashState) => {
      const world = await createWorld()
      const bob = world.as('bob')
      const location = await start(bob)
      await bob.request('PATCH', location, bytesOf('hello'))
      await world.store.batch([world.store.update(upload).set({ hashState })])
      for (const method of ['PATCH', 'PUT']) {
        const response = await bob.request(method, `${location}?digest=${await digestOf(bytesOf('hello'))}`)
        expect([method, response.status, await errorCode(response)]).toEqual([method, 400, 'BLOB_UPLOAD_INVALID'])
      }
    },
  )

  it('can be given up', async () => {
    const world = await createWorld()
    const bob = world.as('bob')
    const location = await start(bob)
    await bob.request('PATCH', location, noise(9 * MiB))
    expect((await bob.request('DELETE', location)).status).toBe(204)
    for (const method of ['GET', 'PATCH', 'PUT', 'DELETE']) {
      const response = await bob.request(
        method,
        `${location}?digest=sha256:${'0'.repeat(64)}`,
        method === 'PATCH' ? 'x' : undefined,
      )
      expect([method, response.status, await errorCode(response)]).toEqual([method, 404, 'BLOB_UPLOAD_UNKNOWN'])
    }
  })

  it('keeps bytes of one digest once, for whoever brings them', async () => {
    const world = await createWorld()
    await pushBlob(world.as('bob'), 'acme/app', 'same')
    await pushBlob(world.as('alice'), 'alice/own', 'same')
    const digest = await digestOf(bytesOf('same'))
    expect((await world.as('alice').request('HEAD', `/v2/alice/own/blobs/${digest}`)).status).toBe(200)
    expect((await readBlob(world.as('bob'), digest)).bytes).toEqual(bytesOf('same'))
  })
})

describe('an upload of somebody else', () => {
  const cases: { case: string; as: Person; path: (id: string) => string; status: number; code: string }[] = [
    { case: 'another writer', as: 'alice', path: (id) => uploads + id, status: 404, code: 'BLOB_UPLOAD_UNKNOWN' },
    {
      case: 'the same one, in another repository',
      as: 'bob',
      path: (id) => `/v2/acme/pub/blobs/uploads/${id}`,
      status: 404,
      code: 'BLOB_UPLOAD_UNKNOWN',
    },
    { case: 'a reader', as: 'carol', path: (id) => uploads + id, status: 403, code: 'DENIED' },
    { case: 'a stranger', as: 'dave', path: (id) => uploads + id, status: 403, code: 'DENIED' },
    { case: 'a superuser', as: 'admin', path: (id) => uploads + id, status: 403, code: 'DENIED' },
  ]
  it.each(cases)('is not there for $case, by any verb', async ({ as, path, status, code }) => {
    const world = await createWorld()
    const location = await start(world.as('bob'))
    await world.as('bob').request('PATCH', location, bytesOf('hello'))
    const id = location.slice(location.lastIndexOf('/') + 1)
    const digest = await digestOf(bytesOf('hello'))
    for (const method of ['GET', 'PATCH', 'PUT', 'DELETE']) {
      const response = await world
        .as(as)
        .request(method, `${path(id)}?digest=${digest}`, method === 'PATCH' ? 'x' : undefined)
      expect([method, response.status, await errorCode(response)]).toEqual([method, status, code])
    }
    expect((await world.as('bob').request('GET', location)).headers.get('range')).toBe('0-4')
    expect((await world.as('bob').request('PUT', `${location}?digest=${digest}`)).status).toBe(201)
  })

  it('is not there for anonymous callers', async () => {
    const world = await createWorld()
    const location = await start(world.as('bob'))
    for (const method of ['GET', 'PATCH', 'PUT', 'DELETE']) {
      const response = await world.as('nobody').request(method, location)
      expect([method, response.status, await errorCode(response)]).toEqual([method, 401, 'UNAUTHORIZED'])
      expect(response.headers.get('www-authenticate')).toContain('scope="repository:acme/app:pull,push"')
    }
  })
})
