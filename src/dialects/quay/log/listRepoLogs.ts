import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { ofRepository } from '../../../store/events.ts'
import { onRepository } from '../access.ts'
import { LogPageQuery, logPage, logPageResponses } from './logPage.ts'

const route = createRoute({
  operationId: 'listRepoLogs',
  summary: 'What was done with a repository, newest first',
  method: 'get',
  path: '/repository/{repository}/logs',
  ...onRepository('admin', { readOnlySuperuserMayLook: true }),
  request: { params: z.object({ repository: z.string() }), query: z.object(LogPageQuery) },
  responses: logPageResponses,
})

export const listRepoLogs = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { repository } = c.var
    const where = ofRepository(repository.id)
    return c.json(await logPage(c.env, c.req.valid('query'), where), 200)
  },
})
