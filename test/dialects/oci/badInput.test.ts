import { expect, it } from 'vitest'
import { bytesOf, pushImage } from '../../support/push.ts'
import { digestOf } from '../../support/seedImage.ts'
import { createWorld } from '../../support/world.ts'

const oddInPaths = [
  '%00',
  '%E0%A4%A',
  '%0d%0aX-Bad:1',
  '%2e%2e',
  '%F0%9F%92%A9',
  "x'--",
  'x'.repeat(5000),
  'sha256:abc',
  `sha256:${'G'.repeat(64)}`,
  `sha512:${'0'.repeat(64)}`,
  `md5:${'0'.repeat(32)}`,
  'UPPER/case',
  'a//b',
  '-1',
  '9'.repeat(400),
  '*',
]
const oddInHeaders = [
  '',
  ';',
  '*',
  '""',
  'bytes=-',
  'bytes=9-1',
  '0-',
  `0-${'9'.repeat(30)}`,
  '-5--1',
  'Bearer',
  'Basic !',
  ',,,,',
]
const type = { 'content-type': 'application/vnd.oci.image.manifest.v1+json' }
const deep = (n: number) => `${'['.repeat(n)}${']'.repeat(n)}`
const oddBodies = [
  '',
  'null',
  '{',
  deep(10_000),
  `{"schemaVersion":2,"mediaType":"application/x","manifests":${deep(1000)}}`,
  '{"schemaVersion":2,"mediaType":"application/x","manifests":[{"mediaType":"a","digest":"sha256:x","size":1e999}]}',
  '{"schemaVersion":2,"mediaType":"application/x","manifests":[],"annotations":{"__proto__":"x","a":"\\u0000\\ud800","":""}}',
  '{"schemaVersion":2,"mediaType":"application/x","artifactType":"\\u0000","manifests":[]}',
]

/** A request for each odd value in each place that a client can fill. */
function requests(upload: string, digest: string) {
  const app = '/v2/acme/app'
  const inPath = (text: string): [string, string][] => [
    ['GET', `/v2/${text}/manifests/v1`],
    ['POST', `/v2/acme/${text}/blobs/uploads/`],
    ['GET', `${app}/manifests/${text}`],
    ['PUT', `${app}/manifests/${text}`],
    ['DELETE', `${app}/manifests/${text}`],
    ['GET', `${app}/blobs/${text}`],
    ['DELETE', `${app}/blobs/${text}`],
    ['GET', `${app}/referrers/${text}`],
    ['PATCH', `${app}/blobs/uploads/${text}`],
    ['GET', `${app}/tags/list?n=${text}&last=${text}`],
    ['GET', `/v2/_catalog?n=${text}&last=${text}`],
    ['GET', `${app}/referrers/${digest}?artifactType=${text}&last=${text}`],
    ['POST', `${app}/blobs/uploads/?digest=${text}`],
    ['POST', `${app}/blobs/uploads/?mount=${text}&from=${text}`],
    ['POST', `${app}/blobs/uploads/?mount=${digest}&from=${text}`],
    ['POST', `${app}/blobs/uploads/?digest-algorithm=${text}`],
    ['PUT', `${app}/manifests/${digest}?tag=${text}`],
    ['PUT', `${upload}?digest=${text}`],
    ['GET', `/v2/auth?service=${text}&scope=${text}`],
    ['GET', `/v2/auth?scope=repository:${text}:pull,push`],
  ]
  const inHeaders = (text: string): [string, string, Record<string, string>][] => [
    ['GET', `${app}/blobs/${digest}`, { range: text, 'if-range': text, 'if-none-match': text }],
    ['PATCH', upload, { 'content-range': text }],
    ['PATCH', upload, { 'content-length': text }],
    ['PUT', `${app}/manifests/v2`, { 'content-type': text, 'content-length': text }],
    ['GET', `${app}/manifests/v1`, { authorization: text, 'if-none-match': text, accept: text }],
    ['GET', '/v2/auth?scope=repository:acme/app:pull', { authorization: text }],
  ]
  return [
    ...oddInPaths.flatMap(inPath).map(([method, path]) => ({ method, path, headers: type, body: 'x' })),
    ...oddInHeaders.flatMap(inHeaders).map(([method, path, headers]) => ({ method, path, headers, body: 'x' })),
    ...oddBodies.map((body) => ({
      method: 'PUT',
      path: `${app}/manifests/v2`,
      headers: { 'content-type': 'application/x' },
      body,
    })),
  ]
}

it('is never a fault of the registry’s', { timeout: 120_000 }, async () => {
  const world = await createWorld()
  const bob = world.as('bob')
  await pushImage(bob, 'acme/app:v1')
  const digest = await digestOf(bytesOf('layer'))
  const upload = async () => (await bob.request('POST', '/v2/acme/app/blobs/uploads/')).headers.get('location') ?? ''
  const faults: string[] = []
  for (const { method, path, headers, body } of requests(await upload(), digest)) {
    const { status } = await bob.request(
      method,
      path,
      method === 'GET' || method === 'DELETE' ? undefined : body,
      headers,
    )
    if (status >= 500)
      faults.push(`${status} ${method} ${path.slice(0, 100)} ${JSON.stringify(headers)} ${body.slice(0, 50)}`)
  }
  expect(faults).toEqual([])
  expect((await bob.request('GET', '/v2/acme/app/manifests/v1')).status).toBe(200)
})
