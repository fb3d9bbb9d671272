import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { ofAccount } from '../../../store/events.ts'
import { onOwnAccount } from '../access.ts'
import { logCountResponses, logCounts, PerformerQuery } from './logPage.ts'
import { LogQuery } from './logRange.ts'

const route = createRoute({
  operationId: 'getAggregateUserLogs',
  summary: "What was done with the caller's account, counted by kind and day",
  method: 'get',
  path: '/user/aggregatelogs',
  ...onOwnAccount('admin'),
  request: { query: z.object({ ...LogQuery, ...PerformerQuery }) },
  responses: logCountResponses,
})

export const getAggregateUserLogs = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const where = ofAccount(c.var.actor.account.id, c.req.valid('query').performer)
    return c.json(await logCounts(c.env, c.req.valid('query'), where), 200)
  },
})
