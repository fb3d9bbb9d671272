import { type RouteConfig, z } from '@hono/zod-openapi'
import type { ZodType } from 'zod'
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

const Refusal = z.union([ApiError, Message, PlainError, Detail])

/** The answers of a route, and the refusals that any endpoint may give instead; these also stand beside its own. */
export function withRefusals(responses: RouteConfig['responses']): RouteConfig['responses'] {
  const own = Object.entries(responses as Record<string, Described>).map(([status, response]) => {
    const schema = response.content?.['application/json']?.schema
    if (!schema || Number(status) < 400) return [status, response]
    return [status, refusal(response.description, z.union([schema, Refusal]))]
  })
  return { ...Object.fromEntries(own), default: refusal('The request was refused', Refusal) }
}

type Described = { description: string; content?: Record<string, { schema: ZodType }> }

const refusal = (description: string, schema: ZodType): Described => ({
  description,
  content: { 'application/json': { schema } },
})
