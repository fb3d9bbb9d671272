import { base64url } from 'jose'
import type { Services } from '../services.ts'
import type { Answer } from './answers.ts'
import { type Facts, type Known, type Lookup, recall, remember } from './lookup.ts'

/** The response to a lookup, where it can be had without the store. */
export async function respondFromEdge(
  services: Services,
  lookup: Lookup,
  request: Request,
): Promise<(Known & { response: Response }) | undefined> {
  const recalled = await recall(services, lookup)
  if (!recalled) return undefined
  const { answer, caller } = recalled
  return { response: conditional(answer, lookup, request), subject: answer.subject, caller }
}

/** What responses were made of. */
const texts = new WeakMap<Response, string>()

/** Makes responses of what a handler answers. */
interface Writer {
  json(value: unknown, status?: unknown, headers?: unknown): Response
  body(text: unknown, status?: unknown, headers?: unknown): Response
}

/** Has a handler's answer noted as it is written: to read it back out of its response takes longer. */
export function noteText(writer: Writer): void {
  const { body } = writer
  const write: Writer['body'] = (text, status, headers) => {
    const response = body(text, status, headers)
    if (typeof text === 'string') texts.set(response, text)
    return response
  }
  writer.body = write
  writer.json = (value, status, headers) =>
    write(JSON.stringify(value), status, { 'Content-Type': 'application/json', ...(headers as object | undefined) })
}

/** Puts a response in the place of a handler's. Hono would give it the headers of the one before. */
export function replace(context: { res: Response | undefined }, response: Response): void {
  if (response === context.res) return
  context.res = undefined
  context.res = response
}

/** The response to a lookup that asked the store: with its validator, and kept for the next who asks. */
export async function respondAndRemember(
  services: Services,
  lookup: Lookup,
  facts: Facts,
  response: Response,
  readAt: Date,
  request: Request,
): Promise<Response> {
  if (response.status !== 200) return response
  const headers = Object.fromEntries([...response.headers].filter(([name]) => keptHeaders.includes(name)))
  const contentType = response.headers.get('content-type') ?? 'application/json'
  const body = texts.get(response) ?? (await response.text())
  if (response.headers.get('cache-control')?.includes('no-transform')) headers['cache-control'] = 'no-transform'
  const etag = response.headers.get('etag') ?? (await etagOf(body))
  const answer = { body, etag, contentType, headers, subject: facts.subject }
  services.waitUntil(remember(services, lookup, facts, answer, readAt.getTime()))
  return conditional(answer, lookup, request)
}

/** What belongs to an answer itself; everything else is said anew for each request. */
const keptHeaders = ['content-length', 'content-range', 'docker-content-digest', 'link']

/** 304 where the client has it already. Downstream caches have to ask each time, which costs them one small answer. */
function conditional(answer: Answer, { caller }: Lookup, request: Request): Response {
  const { etag } = answer
  const { 'cache-control': asked, ...kept } = answer.headers
  const headers: Record<string, string> = {
    ...kept,
    etag,
    'cache-control': `${caller === 'anonymous' ? 'public' : 'private'}, no-cache${asked ? `, ${asked}` : ''}`,
    vary: 'Authorization, Cookie, X-Auth-Token',
  }
  if (isHeld(request, etag)) {
    const { 'content-length': _, ...withoutBody } = headers
    return new Response(null, { status: 304, headers: withoutBody })
  }
  return new Response(answer.body, { headers: { ...headers, 'content-type': answer.contentType } })
}

/** The response, or 304 where the client has it already. */
export function unlessHeld(response: Response, request: Request): Response {
  const etag = response.headers.get('etag')
  if (response.status !== 200 || !etag || !isHeld(request, etag)) return response
  const headers = new Headers(response.headers)
  for (const name of ['content-length', 'content-type']) headers.delete(name)
  return new Response(null, { status: 304, headers })
}

/** Whether `If-None-Match` of a request names the validator; a weak form of it counts, as RFC 9110 has it. */
export function isHeld({ headers }: Request, etag: string): boolean {
  const header = headers.get('if-none-match')
  if (header === null) return false
  return header.split(',').some((candidate) => ['*', etag].includes(candidate.trim().replace(/^W\//, '')))
}

async function etagOf(body: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body))
  return `"${base64url.encode(new Uint8Array(digest).subarray(0, 18))}"`
}
