import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { serviceKeyRow, serviceKeys } from '../../../store/serviceKeys.ts'
import { onSuperuser } from '../access.ts'
import { ServiceKeyView, serviceKeyView } from './serviceKeyView.ts'

const route = createRoute({
  operationId: 'listServiceKeys',
  summary: "The services' keys",
  method: 'get',
  path: '/superuser/keys',
  ...onSuperuser('read', {
    freshly: false,
    along: ({ store, now }) => [serviceKeys(store, now)] as const,
  }),
  responses: {
    200: {
      description: 'The keys; not those that ran out more than a week ago',
      content: { 'application/json': { schema: z.object({ keys: z.array(ServiceKeyView) }).openapi('ServiceKeys') } },
    },
  },
})

export const listServiceKeys = defineOpenAPIRoute({
  route,
  handler: (c) => {
    c.var.granted()
    const keys = c.var.along[0].map((row) => serviceKeyView(serviceKeyRow(row), c.env.settings))
    return c.json({ keys }, 200)
  },
})
