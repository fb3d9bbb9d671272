import type { z } from 'zod'
import type { Vault } from '../../domain/token/vault.ts'

const purpose = 'page'
const lifetimeMilliseconds = 2 * 24 * 60 * 60 * 1000

/** What pages are made of: the services of a request have both, and so has a lookup. */
interface Pager {
  vault: Vault
  now: Date
}

/** The `next_page` that leads to where a list goes on. Only this installation can read it, for two days. */
export const pageToken = ({ vault, now }: Pager, position: unknown): Promise<string> =>
  vault.seal(purpose, JSON.stringify({ position, until: now.getTime() + lifetimeMilliseconds }))

/** Where a list goes on; undefined, which is its beginning, for a token that is missing, not ours, of another list, or too old. */
export async function pagePosition<T>(
  { vault, now }: Pager,
  token: string | undefined,
  shape: z.ZodType<T>,
): Promise<T | undefined> {
  const text = token && (await vault.open(purpose, token))
  if (!text) return undefined
  const { position, until } = JSON.parse(text) as { position: unknown; until: number }
  return until > now.getTime() ? shape.safeParse(position).data : undefined
}
