import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { onSuperuser } from '../access.ts'
import { internal } from '../features.ts'

const route = createRoute({
  operationId: 'getChangeLog',
  summary: 'What changed from release to release',
  method: 'get',
  path: '/superuser/changelog/',
  ...internal,
  ...onSuperuser('read'),
  responses: {
    200: {
      description: 'The text, in Markdown',
      content: { 'application/json': { schema: z.object({ log: z.string() }).openapi('ChangeLog') } },
    },
  },
})

export const getChangeLog = defineOpenAPIRoute({
  route,
  handler: (c) => {
    c.var.granted()
    return c.json({ log: changeLog }, 200)
  },
})

const changeLog = `### 0.1.0

- Three dialects over one store: Quay's REST API, the SWR management API and the OCI distribution API.
`
