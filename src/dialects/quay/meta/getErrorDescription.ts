import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { RegistryError } from '../../../errors.ts'
import { openToAll } from '../access.ts'
import { type ErrorType, errorTypes } from '../errors.ts'

const ErrorDescription = z
  .object({ type: z.string(), title: z.string(), description: z.string() })
  .openapi('ApiErrorDescription')

const route = createRoute({
  operationId: 'getErrorDescription',
  summary: 'What a type of error means',
  method: 'get',
  path: '/error/{error_type}',
  ...openToAll(),
  request: { params: z.object({ error_type: z.string() }) },
  responses: { 200: { description: 'Its meaning', content: { 'application/json': { schema: ErrorDescription } } } },
})

export const getErrorDescription = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const { error_type: type } = c.req.valid('param')
    if (!Object.hasOwn(errorTypes, type)) throw new RegistryError('not_found', 'no error type of this name')
    const url = new URL(`/api/v1/error/${type}`, c.req.url).href
    return c.json({ type: url, title: type, description: errorTypes[type as ErrorType] }, 200)
  },
})
