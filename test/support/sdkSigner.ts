import { canonicalRequest, hmacHex } from '../../src/domain/token/requestSignature.ts'
import { hashSecret } from '../../src/domain/token/secret.ts'
import { origin } from './world.ts'

interface Signing {
  accessKey: string
  secretKey: string
  now: Date
  body?: string
  /** Further headers, signed as well. */
  headers?: Record<string, string>
}

/** The headers of a request to the test's own server, signed as the vendor's SDK signs it. */
export async function sign(
  method: string,
  path: string,
  { accessKey, secretKey, now, body = '', headers: more = {} }: Signing,
) {
  const url = new URL(origin + path)
  const date = now.toISOString().replace(/[-:]|\.\d+/g, '')
  const headers = { 'content-type': 'application/json', host: url.host, 'x-sdk-date': date, ...more }
  const names = Object.keys(headers).sort()
  const hash = more['x-sdk-content-sha256'] ?? hashSecret(body)
  const request = { method, url, headers: new Headers(headers), body: new TextEncoder().encode(body) }
  const canonical = hashSecret(canonicalRequest(request, names, url.host, hash))
  const signature = await hmacHex(secretKey, `SDK-HMAC-SHA256\n${date}\n${canonical}`)
  const authorization = `SDK-HMAC-SHA256 Access=${accessKey}, SignedHeaders=${names.join(';')}, Signature=${signature}`
  return { ...headers, authorization }
}
