import { z } from '@hono/zod-openapi'
import type { ApiToken } from '../../../store/applications.ts'
import { isoMicroseconds } from '../dates.ts'

export const ApiTokenView = z
  .object({
    uuid: z.string(),
    name: z.string().nullable(),
    scope: z.string(),
    expires_at: z.string(),
    created: z.string(),
    created_by: z.string().nullable(),
    last_accessed: z.string().nullable(),
  })
  .openapi('ApplicationToken')

export const apiTokenView = (token: ApiToken): z.infer<typeof ApiTokenView> => ({
  uuid: token.uuid,
  name: token.name,
  scope: token.scope,
  expires_at: isoMicroseconds(token.expiresAt),
  created: isoMicroseconds(token.createdAt),
  created_by: token.creatorName,
  last_accessed: token.lastAccessedAt && isoMicroseconds(token.lastAccessedAt),
})
