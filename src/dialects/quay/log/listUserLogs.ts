import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { ofAccount } from '../../../store/events.ts'
import { onOwnAccount } from '../access.ts'
import { LogPageQuery, logPage, logPageResponses, PerformerQuery } from './logPage.ts'

const route = createRoute({
  operationId: 'listUserLogs',
  summary: "What was done with the caller's account, newest first",
  method: 'get',
  path: '/user/logs',
  ...onOwnAccount('admin'),
  request: { query: z.object({ ...LogPageQuery, ...PerformerQuery }) },
  responses: logPageResponses,
})

export const listUserLogs = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const where = ofAccount(c.var.actor.account.id, c.req.valid('query').performer)
    return c.json(await logPage(c.env, c.req.valid('query'), where), 200)
  },
})
