import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { deleteApplication } from '../../../domain/application/changeApplication.ts'
import { onNamespace } from '../access.ts'
import { found, readApplication } from './getOrganizationApplication.ts'

const route = createRoute({
  operationId: 'deleteOrganizationApplication',
  summary: 'Delete an OAuth application with every token granted to it',
  method: 'delete',
  path: '/organization/{orgname}/applications/{client_id}',
  ...onNamespace('admin', { along: readApplication }),
  request: { params: z.object({ orgname: z.string(), client_id: z.string() }) },
  responses: { 204: { description: 'Deleted' } },
})

export const deleteOrganizationApplication = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { actor } = c.var.granted()
    const application = found(c.var.along[0])
    await deleteApplication(c.env.store, { application, actor, ip: c.var.ip, now: c.env.now() })
    return c.body(null, 204)
  },
})
