import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { openWithoutLogin } from '../access.ts'
import { quayBase, quayEndpoints } from '../index.ts'
import { queryFlag } from '../validation.ts'
import { type Swagger, swaggerOf } from './swagger.ts'

const route = createRoute({
  operationId: 'discovery',
  summary: 'List all of the API endpoints available in the swagger API format',
  method: 'get',
  path: '/discovery',
  ...openWithoutLogin(),
  request: { query: z.object({ internal: queryFlag(false, 'Also the endpoints of the console') }) },
  responses: {
    200: {
      description: 'A Swagger 2.0 document',
      content: {
        'application/json': {
          schema: z.looseObject({ swagger: z.literal('2.0') }),
        },
      },
    },
  },
})

type Answer = { swagger: '2.0' }

const made = new Map<boolean, Swagger>()

export const discovery = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const { internal } = c.req.valid('query')
    const document = made.get(internal) ?? swaggerOf(quayBase, quayEndpoints, internal)
    made.set(internal, document)
    const { host, protocol, origin } = new URL(c.req.url)
    const { oauth2_implicit: oauth } = document.securityDefinitions
    const securityDefinitions = { oauth2_implicit: { ...oauth, authorizationUrl: `${origin}/oauth/authorize` } }
    return c.json({ ...document, host, schemes: [protocol.slice(0, -1)], securityDefinitions } as Answer, 200)
  },
})
