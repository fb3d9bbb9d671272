import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { onSuperuser } from '../access.ts'
import { LogPageQuery, logPage, logPageResponses } from '../log/logPage.ts'
import { logViewOfAll } from '../log/logView.ts'
import { queryText } from '../validation.ts'

const route = createRoute({
  operationId: 'listAllLogs',
  summary: 'The log of the whole registry, newest first',
  method: 'get',
  path: '/superuser/logs',
  ...onSuperuser('read'),
  request: { query: z.object({ ...LogPageQuery, page: queryText('Has no effect: next_page leads on') }) },
  responses: logPageResponses,
})

export const listAllLogs = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    c.var.granted()
    return c.json(await logPage(c.env, c.req.valid('query'), undefined, logViewOfAll), 200)
  },
})
