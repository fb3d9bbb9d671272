import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { ofNamespace } from '../../../store/events.ts'
import { onNamespace } from '../access.ts'
import { logCountResponses, logCounts, PerformerQuery } from './logPage.ts'
import { LogQuery } from './logRange.ts'

const route = createRoute({
  operationId: 'getAggregateOrgLogs',
  summary: 'What was done with an organization, counted by kind and day',
  method: 'get',
  path: '/organization/{orgname}/aggregatelogs',
  ...onNamespace('admin', { readOnlySuperuserMayLook: true }),
  request: { params: z.object({ orgname: z.string() }), query: z.object({ ...LogQuery, ...PerformerQuery }) },
  responses: logCountResponses,
})

export const getAggregateOrgLogs = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { namespace } = c.var.granted()
    const where = ofNamespace(namespace.id, c.req.valid('query').performer)
    return c.json(await logCounts(c.env, c.req.valid('query'), where), 200)
  },
})
