import { type AddressProblem, readAddress } from './address.ts'

/** How requests leave: the runtime's own `fetch`, or what stands in for it. */
export type Network = (request: Request) => Promise<Response>

/** An address that is not called, or a call that came to nothing. What it says is for the log, not for who asked. */
export class OutboundError extends Error {
  readonly problem: AddressProblem | 'redirects' | 'too_large' | 'not_json' | 'status'

  constructor(problem: OutboundError['problem'], address: string) {
    super(`${problem}: ${address}`)
    this.problem = problem
  }
}

export interface Outbound {
  network: Network
  /** Hosts that may be called although they are not public (SSRF_ALLOWED_HOSTS). */
  allowedHosts: readonly string[]
}

const redirectsMax = 3
const timeoutMilliseconds = 10_000

/**
 * Calls an address that a user gave. Every hop of a redirection is checked like the first.
 * @throws OutboundError, or whatever the network fails with
 */
export async function fetchPublic({ network, allowedHosts }: Outbound, address: string): Promise<Response> {
  let next = address
  for (let hop = 0; hop <= redirectsMax; hop++) {
    const read = readAddress(next, allowedHosts)
    if ('problem' in read) throw new OutboundError(read.problem, next)
    const signal = AbortSignal.timeout(timeoutMilliseconds)
    const response = await network(new Request(read.url, { redirect: 'manual', signal }))
    const location = response.headers.get('location')
    if (response.status < 300 || response.status > 399 || location === null) return response
    await response.body?.cancel()
    next = URL.canParse(location, read.url) ? new URL(location, read.url).href : location
  }
  throw new OutboundError('redirects', address)
}

/** The JSON at an address that a user gave, if there is not too much of it. @throws like `fetchPublic` */
export async function fetchPublicJson(outbound: Outbound, address: string, bytesMax = 256 * 1024): Promise<unknown> {
  const response = await fetchPublic(outbound, address)
  if (!response.ok) throw new OutboundError('status', `${response.status} ${address}`)
  const text = await readText(response, bytesMax)
  if (text === undefined) throw new OutboundError('too_large', address)
  try {
    return JSON.parse(text)
  } catch {
    throw new OutboundError('not_json', address)
  }
}

async function readText({ body }: Response, bytesMax: number): Promise<string | undefined> {
  const decoder = new TextDecoder()
  let [text, bytes] = ['', 0]
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength
    if (bytes > bytesMax) return undefined
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
