import { describe, expect, it } from 'vitest'
import {
  canonicalRequest,
  parseSignature,
  type SignedRequest,
  signatureProblem,
} from '../../../src/domain/token/requestSignature.ts'
import { hashSecret } from '../../../src/domain/token/secret.ts'

const host = '127.0.0.1:36981'
const names = ['content-type', 'host', 'x-project-id', 'x-sdk-date']
const date = new Date('2026-11-20T17:43:13Z')
const tags = '/v2/manage/namespaces/group/repos/busybox/tags'
const encoder = new TextEncoder()

function request(method: string, path: string, body = '', more: Record<string, string> = {}): SignedRequest {
  const headers = {
    'content-type': 'application/json',
    host,
    'x-project-id': 'proj0001',
    'x-sdk-date': '20261120T174313Z',
    ...more,
  }
  return {
    method,
    url: new URL(`http://${host}${path}`),
    headers: new Headers(headers),
    body: encoder.encode(body),
  }
}

/** What the vendor's own SDK made of these requests. */
const vectors = [
  {
    case: 'a filter',
    request: request('GET', `${tags}?filter=offset::0|limit::10|order_column::updated_at|order_type::desc|tag::v1.0`),
    canonical: '39e1dcef65ba6bd0974cd031447a817532b189dbc59722aa8862e5d7c8e664b1',
    signature: 'f8a7a71cac13f1a4ce70bc969b0641aa9c5607776d1263dffded18bb6bf189d8',
  },
  {
    case: 'a dollar in the path, marks in the query',
    request: request(
      'GET',
      `/v2/manage/namespaces/group/repos/team$busybox/tags?limit=10&offset=0&order_column=updated_at&order_type=desc&tag=a+b'(x)*!~`,
    ),
    canonical: 'e67bdc4e3e477bdd30716bda58f13e8fa0647fc196f415cb896b36c0ce47a0b7',
    signature: 'a15a0e227d3d943478052ec2e9b7d83cb306d79bd3ad54186e3ace8a1accdada',
  },
  {
    case: 'a body',
    request: request('POST', '/v2/manage/namespaces', '{"namespace":"group"}'),
    canonical: '4fd7ff9b94c86f0ef4b52f90fe6c691e0fe6acbc0e65405ba1ea3912519c3f42',
    signature: 'e71d8f9f563037bd31f8c11899da31b5fe8a30aa5f651d81fb2e8640ddb7e3ef',
  },
]

const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const signed = (signature: string, signedHeaders = names) => ({ accessKey: 'AKTEST', signedHeaders, signature })
const [, , withBody] = vectors

describe('a signed request', () => {
  it.each(vectors)('A01 $case', async ({ request: vector, canonical, signature }) => {
    const hash = vector.body.length === 0 ? empty : hashSecret(new TextDecoder().decode(vector.body))
    expect(hashSecret(canonicalRequest(vector, names, host, hash))).toBe(canonical)
    expect(await signatureProblem(signed(signature), vector, 'sk-secret', date)).toBeUndefined()
  })

  it('is read from its header', () => {
    const header = `SDK-HMAC-SHA256 Access=AKTEST, SignedHeaders=${names.join(';')}, Signature=${'0'.repeat(64)}`
    expect(parseSignature(header)).toEqual(signed('0'.repeat(64)))
    expect(parseSignature('Bearer x')).toBeUndefined()
    expect(parseSignature('SDK-HMAC-SHA256')).toMatchObject({ accessKey: '' })
  })

  const minute = 60_000
  const { signature = '', request: posted = request('GET', '/') } = withBody ?? {}
  it.each([
    { case: 'A02 a flipped bit', by: signed(signature.replace(/^./, 'f')), problem: /does not match/ },
    { case: 'A02 a wrong secret', secret: 'other', problem: /does not match/ },
    { case: 'A03 16 minutes late', at: 16 * minute, problem: /too far/ },
    { case: 'A03 16 minutes early', at: -16 * minute, problem: /too far/ },
    { case: 'A03 14 minutes late', at: 14 * minute, problem: undefined },
    {
      case: 'A03 no date',
      by: signed(signature),
      of: request('POST', '/', '', { 'x-sdk-date': '' }),
      problem: /not valid/,
    },
    { case: 'A04 another body', of: { ...posted, body: encoder.encode('{}') }, problem: /does not match/ },
    { case: 'A05 another query', of: { ...posted, url: new URL(`${posted.url}?a=b`) }, problem: /does not match/ },
    { case: 'A06 an unsigned host', by: signed(signature, ['x-sdk-date']), problem: /host is not signed/ },
    { case: 'an unsigned date', by: signed(signature, ['host']), problem: /x-sdk-date is not signed/ },
    {
      case: 'A11 an unsigned UNSIGNED-PAYLOAD',
      of: request('POST', '/v2/manage/namespaces', 'x', { 'x-sdk-content-sha256': 'UNSIGNED-PAYLOAD' }),
      problem: /x-sdk-content-sha256 is not signed/,
    },
    {
      case: 'the hash of another body',
      by: signed(signature, [...names, 'x-sdk-content-sha256']),
      of: request('POST', '/v2/manage/namespaces', 'x', { 'x-sdk-content-sha256': '0'.repeat(64) }),
      problem: /is not the hash/,
    },
  ])('$case', async ({ by = signed(signature), of = posted, secret = 'sk-secret', at = 0, problem }) => {
    const found = await signatureProblem(by, of, secret, new Date(date.getTime() + at))
    if (problem) expect(found).toMatch(problem)
    else expect(found).toBeUndefined()
  })
})
