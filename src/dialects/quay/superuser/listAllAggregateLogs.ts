import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { eventCounts } from '../../../store/events.ts'
import { onSuperuser } from '../access.ts'
import { countedRange, LogQuery } from '../log/logRange.ts'
import { LogCountView, logCountView } from '../log/logView.ts'

const route = createRoute({
  operationId: 'listAllAggregateLogs',
  summary: 'How often what was done on each day, in the whole registry',
  method: 'get',
  path: '/superuser/aggregatelogs',
  ...onSuperuser('read', { scope: undefined }),
  request: { query: z.object(LogQuery) },
  responses: {
    200: {
      description: 'A count per kind and day',
      content: {
        'application/json': {
          schema: z.object({ aggregated: z.array(LogCountView) }).openapi('AggregatedLogs'),
        },
      },
    },
  },
})

export const listAllAggregateLogs = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    c.var.granted()
    const { store } = c.env
    const [rows] = await store.batch([eventCounts(store, countedRange(c.req.valid('query'), c.env.now()))])
    return c.json({ aggregated: rows.map(logCountView) }, 200)
  },
})
