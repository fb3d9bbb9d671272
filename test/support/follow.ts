import { expect } from 'vitest'
import type { Browser } from './browser.ts'
import type { Client, Person, World } from './world.ts'

/** A request, the status of its answer, what the client reads in the answer, and what it sends. */
export type Step = readonly [request: string, status: number, reads?: unknown, sends?: unknown]

const at = '/api/v1'

/** Does what a client does, in its order, with the headers that it sends. */
export async function follow(client: Client | Browser, steps: readonly Step[], headers: Record<string, string> = {}) {
  for (const [text, status, reads, sends] of steps) {
    const [method = '', path = ''] = text.split(' ')
    const response = await client.request(method, path.startsWith('/v2') ? path : at + path, sends, headers)
    const body = await response.text()
    expect([text, response.status, body]).toEqual([text, status, expect.any(String)])
    if (reads === undefined) continue
    const read: unknown = JSON.parse(body)
    if (typeof reads === 'object') expect(read, text).toMatchObject(reads as object)
    else expect(read, text).toEqual(reads)
  }
}

/** Automation holds a token of every scope. */
export const fullClient = (world: World, as: Person) =>
  world.withScope(as, 'repo:admin repo:create org:admin user:admin user:read super:user')
