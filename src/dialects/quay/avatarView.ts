import { z } from '@hono/zod-openapi'

export const AvatarView = z
  .object({
    name: z.string(),
    hash: z.string(),
    color: z.string(),
    kind: z.enum(['user', 'robot', 'team', 'org', 'app']),
  })
  .openapi('Avatar')
