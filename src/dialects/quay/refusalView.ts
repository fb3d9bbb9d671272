import { z } from '@hono/zod-openapi'
import { errorTypes } from './errors.ts'

/** The body of a typed error: `problem` makes it. */
export const ApiError = z
  .looseObject({
    status: z.int().openapi({ description: 'The status of the answer' }),
    type: z.string().openapi({ description: 'Where the type of the error is described' }),
    detail: z.string().optional().openapi({ description: 'What is wrong with this request' }),
    title: z.enum(Object.keys(errorTypes)).openapi({ type: 'string', description: 'The type of the error' }),
    error_message: z.string().optional().openapi({ description: 'The same as detail' }),
    error_type: z.string().optional().openapi({ description: 'The same as title' }),
  })
  .openapi('ApiError')

const Message = z
  .looseObject({ message: z.union([z.string(), z.record(z.string(), z.string())]) })
  .openapi('Message', { description: 'Of a parameter that is not valid: its name and its help text' })

const PlainError = z.looseObject({ error: z.string() }).openapi('PlainError')

const Detail = z.strictObject({ detail: z.string() }).openapi('Detail')

/** What every endpoint may answer instead of what it is for. */
export const refusals = {
  default: {
    description: 'The request was refused',
    content: { 'application/json': { schema: z.union([ApiError, Message, PlainError, Detail]) } },
  },
}
