import type { World } from '../support/world.ts'

export interface Answer {
  status: number
  headers: Record<string, string>
  cookies: string[]
  text: string
}

export interface Sent {
  method: string
  path: string
  headers?: Record<string, string>
  body?: string | Uint8Array
}

export type Send = (request: Sent) => Promise<Answer>

const encoder = new TextEncoder()

/** Sends to a world's registry. Its clock moves a little with each request, as a real one does. */
export function sendTo(world: World): Send {
  const client = world.client({})
  return async ({ method, path, headers, body }) => {
    world.tick(20)
    // Bytes: a text would be sent with a content type of its own.
    const payload = typeof body === 'string' ? encoder.encode(body) : body
    const answer = await client.request(method, path, payload, {
      'user-agent': 'golden-transcripts',
      accept: '*/*',
      // As Cloudflare adds it: the log says where a request came from.
      'cf-connecting-ip': '192.0.2.7',
      ...headers,
    })
    const text = await answer.text()
    await world.settle()
    const cookies = answer.headers.getSetCookie()
    return { status: answer.status, headers: Object.fromEntries(answer.headers), cookies, text }
  }
}

export function json(answer: { text: string }): Record<string, unknown> | undefined {
  try {
    return JSON.parse(answer.text)
  } catch {
    return undefined
  }
}
