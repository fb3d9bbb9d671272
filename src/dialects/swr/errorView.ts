import { z } from '@hono/zod-openapi'

/** The body of every error, in the old and the new form at once. */
const ErrorView = z
  .object({
    errors: z.array(z.object({ errorCode: z.string(), errorMessage: z.string(), detail: z.string() })),
    error_code: z.string(),
    error_msg: z.string(),
    details: z.array(z.object({ error_code: z.string(), error_msg: z.string() })),
  })
  .openapi('SwrError')

/** What every endpoint may answer instead of what it is for. */
export const refusals = {
  default: { description: 'The request was refused', content: { 'application/json': { schema: ErrorView } } },
}
