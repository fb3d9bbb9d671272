import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { onSuperuser } from '../access.ts'
import { internal } from '../features.ts'
import { logCountResponses, logCounts } from '../log/logPage.ts'
import { LogQuery } from '../log/logRange.ts'

const route = createRoute({
  operationId: 'listAllAggregateLogs',
  summary: 'How often what was done on each day, in the whole registry',
  method: 'get',
  path: '/superuser/aggregatelogs',
  ...internal,
  ...onSuperuser('read', { scope: null }),
  request: { query: z.object(LogQuery) },
  responses: logCountResponses,
})

export const listAllAggregateLogs = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    c.var.granted()
    return c.json(await logCounts(c.env, c.req.valid('query')), 200)
  },
})
