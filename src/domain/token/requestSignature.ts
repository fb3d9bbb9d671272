import { hashSecret, sameSecret, toHex } from './secret.ts'

/** The algorithm's name, as it stands in `Authorization`. */
const algorithm = 'SDK-HMAC-SHA256'
const skewMilliseconds = 15 * 60_000

/** What `Authorization: SDK-HMAC-SHA256 Access=…, SignedHeaders=…, Signature=…` says. */
export interface RequestSignature {
  accessKey: string
  /** In the order in which they were signed. */
  signedHeaders: string[]
  signature: string
}

export interface SignedRequest {
  method: string
  url: URL
  headers: Headers
  body: Uint8Array
}

/** The parts of the header; undefined where it is of another kind. */
export function parseSignature(authorization: string): RequestSignature | undefined {
  const [name, ...rest] = authorization.trim().split(' ')
  if (name !== algorithm) return undefined
  const parts = Object.fromEntries(
    rest
      .join('')
      .split(',')
      .map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  )
  const { Access: accessKey = '', SignedHeaders: signedHeaders = '', Signature: signature = '' } = parts
  return { accessKey, signedHeaders: signedHeaders.split(';').map((header) => header.toLowerCase()), signature }
}

/** Why the request was not signed like this with this secret; undefined where it was. */
export async function signatureProblem(
  { signedHeaders, signature }: RequestSignature,
  request: SignedRequest,
  secret: string,
  now: Date,
): Promise<string | undefined> {
  const { headers, url } = request
  const date = headers.get('x-sdk-date') ?? ''
  const payloadHash = headers.get('x-sdk-content-sha256')
  for (const header of ['host', 'x-sdk-date', ...(payloadHash === null ? [] : ['x-sdk-content-sha256'])]) {
    if (!signedHeaders.includes(header)) return `${header} is not signed`
  }
  const signedAt = parseDate(date)
  if (signedAt === undefined) return 'X-Sdk-Date is not valid'
  if (Math.abs(now.getTime() - signedAt) > skewMilliseconds) return 'X-Sdk-Date is too far from the present time'
  const bodyHash = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', request.body as BufferSource)))
  if (payloadHash !== null && payloadHash !== 'UNSIGNED-PAYLOAD' && payloadHash !== bodyHash) {
    return 'X-Sdk-Content-Sha256 is not the hash of the body'
  }
  // A proxy in front may have rewritten the header or the URL.
  for (const host of new Set([headers.get('host') ?? url.host, url.host])) {
    const canonical = canonicalRequest(request, signedHeaders, host, payloadHash ?? bodyHash)
    const text = [algorithm, date, hashSecret(canonical)].join('\n')
    if (sameSecret(await hmacHex(secret, text), signature)) return undefined
  }
  return 'the signature does not match'
}

/** What is signed of a request, in the one form in which both sides write it. */
export function canonicalRequest(
  { method, url, headers }: SignedRequest,
  signedHeaders: readonly string[],
  host: string,
  payloadHash: string,
): string {
  const path = url.pathname
    .split('/')
    .map((segment) => percentEncoded(decoded(segment)))
    .join('/')
  const query = [...url.searchParams]
    .map(([key, value]) => [percentEncoded(key), percentEncoded(value)] as const)
    .sort(([key, value], [otherKey, otherValue]) => compare(key, otherKey) || compare(value, otherValue))
    .map(([key, value]) => `${key}=${value}`)
    .join('&')
  const values = signedHeaders.map((name) => `${name}:${(name === 'host' ? host : (headers.get(name) ?? '')).trim()}\n`)
  return [
    method,
    path.endsWith('/') ? path : `${path}/`,
    query,
    values.join(''),
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n')
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Everything but letters, digits and `-_.~` as `%XX`; the function of the language leaves five more as they are. */
const percentEncoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** `20261120T174313Z` as epoch milliseconds. */
function parseDate(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  const at = match ? Date.parse(`${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}Z`) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}

/** HMAC-SHA256 in lower-case hex. */
export async function hmacHex(secret: string, text: string): Promise<string> {
  const encoder = new TextEncoder()
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ])
  return toHex(new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(text))))
}
