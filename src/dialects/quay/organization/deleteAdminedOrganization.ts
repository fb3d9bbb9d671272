import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { deleteNamespace } from '../../../domain/namespace/deleteNamespace.ts'
import { forgetAll, onNamespace, requireFreshLogin } from '../access.ts'
import { wantsFreshLogin } from '../features.ts'

const route = createRoute({
  operationId: 'deleteAdminedOrganization',
  summary: 'Delete an organization with everything in it',
  method: 'delete',
  path: '/organization/{orgname}',
  ...onNamespace('admin'),
  ...wantsFreshLogin,
  request: { params: z.object({ orgname: z.string() }) },
  responses: { 204: { description: 'Deleted' } },
})

export const deleteAdminedOrganization = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    requireFreshLogin(c.var.actor, c.env)
    const { namespace, actor } = c.var.granted()
    const deletion = { namespace, actor, ip: c.var.ip, now: c.env.now() }
    await forgetAll(c.env, await deleteNamespace(c.env.store, deletion))
    return c.body(null, 204)
  },
})
