import { z } from '@hono/zod-openapi'

/** What a change of a repository answers. */
export const Success = z.object({ success: z.literal(true) }).openapi('Success')
