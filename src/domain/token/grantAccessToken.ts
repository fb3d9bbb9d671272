import type { SQL } from 'drizzle-orm'
import { accessToken } from '../../store/schema.ts'
import type { Store } from '../../store/store.ts'
import { oauthTokenLength } from './credential.ts'
import { alphanumeric, hashSecret, randomText } from './secret.ts'

export interface NewAccessToken {
  applicationId: number | SQL<number>
  /** For whom it speaks. */
  accountId: number | SQL<number>
  scope: string
  lifetimeSeconds: number
  now: Date
  name?: string
  createdById?: number
}

/** Ten years: how long a token lives unless something else is asked for. */
export const tokenLifetimeSeconds = 315_576_000

/** A new OAuth access token: its text, which is shown once, and the statement that keeps its hash. */
export async function grantAccessToken(store: Store, { lifetimeSeconds, now, ...row }: NewAccessToken) {
  const text = randomText(oauthTokenLength, alphanumeric)
  const uuid = crypto.randomUUID()
  const insert = store
    .insert(accessToken)
    .values({
      ...row,
      uuid,
      lookup: text.slice(0, oauthTokenLength / 2),
      secretHash: hashSecret(text),
      createdAt: now,
      expiresAt: new Date(now.getTime() + lifetimeSeconds * 1000),
    })
    .returning()
  return { text, uuid, insert }
}
