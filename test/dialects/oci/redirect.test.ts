import { describe, expect, it } from 'vitest'
import { presigner } from '../../../src/blobs/presign.ts'
import { r2Blobs } from '../../../src/blobs/r2.ts'
import { toHex } from '../../../src/domain/token/secret.ts'
import { parseSettings } from '../../../src/settings.ts'
import { blob } from '../../../src/store/schema.ts'
import { bindings } from '../../support/database.ts'
import { basic, bytesOf, errorCode, pushBlob } from '../../support/push.ts'
import { createWorld, type Person, password } from '../../support/world.ts'

const encoder = new TextEncoder()

async function hmac(key: BufferSource, text: string) {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, encoder.encode(text)))
}

/** The signature that a bucket computes for itself of a GET of this address, from Amazon's description of version 4. */
async function signatureOf(address: string, secret: string): Promise<string> {
  const { host, pathname, searchParams } = new URL(address)
  const names = [...searchParams.keys()].filter((name) => name !== 'X-Amz-Signature').sort()
  const query = names.map((name) => `${name}=${encodeURIComponent(searchParams.get(name) ?? '')}`).join('&')
  const request = ['GET', pathname, query, `host:${host}`, '', 'host', 'UNSIGNED-PAYLOAD'].join('\n')
  const [, ...scope] = (searchParams.get('X-Amz-Credential') ?? '').split('/')
  const hash = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(request))))
  const text = ['AWS4-HMAC-SHA256', searchParams.get('X-Amz-Date'), scope.join('/'), hash].join('\n')
  let key: BufferSource = encoder.encode(`AWS4${secret}`)
  for (const part of scope) key = await hmac(key, part)
  return toHex(await hmac(key, text))
}

const access = {
  S3_ENDPOINT: 'https://account.r2.example/',
  S3_BUCKET: 'layers',
  S3_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  S3_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}
const settings = parseSettings({ SECRET_KEY: 'sixteen letters and more', ...access })

/** A registry whose bucket has S3 credentials. */
async function createRedirecting() {
  const world = await createWorld()
  const services = { ...world.services, blobs: r2Blobs(bindings.BLOBS, presigner(settings)) }
  const as = (who: Person | 'nobody') => world.client(who === 'nobody' ? {} : basic(who, password), services)
  const digest = await pushBlob(as('bob'), 'acme/app', '0123456789')
  return { world, as, digest, path: `/v2/acme/app/blobs/${digest}` }
}

describe('a blob in a bucket with S3 credentials', () => {
  it('is read where a redirect leads, by an address that the bucket takes for five minutes', async () => {
    const { world, as, digest, path } = await createRedirecting()
    const response = await as('carol').request('GET', path)
    expect([response.status, await response.text()]).toEqual([307, ''])
    expect(response.headers.get('docker-content-digest')).toBe(digest)
    expect(response.headers.get('cache-control')).toBe('no-store')

    const [[stored]] = await world.store.batch([world.store.select().from(blob)])
    const location = response.headers.get('location') ?? ''
    const { origin, pathname, searchParams } = new URL(location)
    expect(origin + pathname).toBe(`https://account.r2.example/layers/${stored?.storageKey}`)
    expect(Object.fromEntries(searchParams)).toMatchObject({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'AKIDEXAMPLE/20260301/auto/s3/aws4_request',
      'X-Amz-Date': '20260301T120000Z',
      'X-Amz-Expires': '300',
      'X-Amz-SignedHeaders': 'host',
    })
    expect(searchParams.get('X-Amz-Signature')).toBe(await signatureOf(location, access.S3_SECRET_ACCESS_KEY))
    expect(searchParams.get('X-Amz-Signature')).not.toBe(await signatureOf(location, 'another'))
    expect(location).not.toContain('wJalr')
    expect((await bindings.BLOBS.get(pathname.slice('/layers/'.length)))?.size).toBe(10)
  })

  it('is told of by the registry itself: HEAD, what the client has, what is out of reach', async () => {
    const { as, digest, path } = await createRedirecting()
    const carol = as('carol')
    const head = await carol.request('HEAD', path)
    expect([head.status, head.headers.get('content-length'), head.headers.get('location')]).toEqual([200, '10', null])
    const known = await carol.request('GET', path, undefined, { 'if-none-match': `"${digest}"` })
    expect(known.status).toBe(304)
    const beyond = await carol.request('GET', path, undefined, { range: 'bytes=10-' })
    expect([beyond.status, await errorCode(beyond)]).toEqual([416, 'RANGE_INVALID'])
    expect((await carol.request('GET', path, undefined, { range: 'bytes=4-' })).status).toBe(307)
    expect((await carol.request('GET', path.replace('app', 'pub'))).status).toBe(404)
  })

  it.each<{ as: Person | 'nobody'; status: number }>([
    { as: 'nobody', status: 401 },
    { as: 'dave', status: 403 },
    { as: 'carol', status: 307 },
  ])('is no address for those who may not read: $as', async ({ as: who, status }) => {
    const { as, path } = await createRedirecting()
    const response = await as(who).request('GET', path)
    expect(response.status).toBe(status)
    expect(response.headers.has('location')).toBe(status === 307)
  })

  it('and one without streams', async () => {
    const { world, path } = await createRedirecting()
    const response = await world.as('carol').request('GET', path)
    expect([response.status, new Uint8Array(await response.arrayBuffer())]).toEqual([200, bytesOf('0123456789')])
  })
})

it('the signature of Amazon’s own example is what this test computes', async () => {
  const query =
    'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
    '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host'
  const address = `https://examplebucket.s3.amazonaws.com/test.txt?${query}`
  expect(await signatureOf(address, 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY')).toBe(
    'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  )
})
