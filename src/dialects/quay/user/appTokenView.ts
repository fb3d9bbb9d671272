import { z } from '@hono/zod-openapi'
import type { AppToken } from '../../../store/appTokens.ts'
import { rfc2822 } from '../dates.ts'

export const AppTokenView = z
  .object({
    uuid: z.string(),
    title: z.string(),
    last_accessed: z.string().nullable(),
    created: z.string(),
    expiration: z.string().nullable(),
  })
  .openapi('AppToken')

/** With what the token's owner types as the password. */
export const AppTokenWithCode = AppTokenView.extend({ token_code: z.string() }).openapi('AppTokenWithCode')

export const AppTokenList = z
  .object({ tokens: z.array(AppTokenView), only_expiring: z.boolean().nullable() })
  .openapi('AppTokens')

export const appTokenView = (token: AppToken): z.infer<typeof AppTokenView> => ({
  uuid: token.uuid,
  title: token.title,
  last_accessed: token.lastAccessedAt && rfc2822(token.lastAccessedAt),
  created: rfc2822(token.createdAt),
  expiration: token.expiresAt && rfc2822(token.expiresAt),
})
