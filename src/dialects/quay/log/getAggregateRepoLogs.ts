import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { ofRepository } from '../../../store/events.ts'
import { onRepository } from '../access.ts'
import { logCountResponses, logCounts } from './logPage.ts'
import { LogQuery } from './logRange.ts'

const route = createRoute({
  operationId: 'getAggregateRepoLogs',
  summary: 'What was done with a repository, counted by kind and day',
  method: 'get',
  path: '/repository/{repository}/aggregatelogs',
  ...onRepository('admin', { readOnlySuperuserMayLook: true }),
  request: { params: z.object({ repository: z.string() }), query: z.object(LogQuery) },
  responses: logCountResponses,
})

export const getAggregateRepoLogs = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { repository } = c.var
    const where = ofRepository(repository.id)
    return c.json(await logCounts(c.env, c.req.valid('query'), where), 200)
  },
})
