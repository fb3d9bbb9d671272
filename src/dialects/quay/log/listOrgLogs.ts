import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { ofNamespace } from '../../../store/events.ts'
import { onNamespace } from '../access.ts'
import { LogPageQuery, logPage, logPageResponses, PerformerQuery } from './logPage.ts'

const route = createRoute({
  operationId: 'listOrgLogs',
  summary: 'What was done with an organization, newest first',
  method: 'get',
  path: '/organization/{orgname}/logs',
  ...onNamespace('admin', { readOnlySuperuserMayLook: true }),
  request: { params: z.object({ orgname: z.string() }), query: z.object({ ...LogPageQuery, ...PerformerQuery }) },
  responses: logPageResponses,
})

export const listOrgLogs = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { namespace } = c.var.granted()
    const where = ofNamespace(namespace.id, c.req.valid('query').performer)
    return c.json(await logPage(c.env, c.req.valid('query'), where), 200)
  },
})
