import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { defaultGrantReads, deleteDefaultGrant } from '../../../domain/grant/defaultGrants.ts'
import { onNamespace } from '../access.ts'

const route = createRoute({
  operationId: 'deleteOrganizationPrototypePermission',
  summary: 'Delete a default permission',
  method: 'delete',
  path: '/organization/{orgname}/prototypes/{prototypeid}',
  ...onNamespace('admin', {
    along: ({ store, namespaceId, param }) => defaultGrantReads(store, namespaceId, param('prototypeid')),
  }),
  request: { params: z.object({ orgname: z.string(), prototypeid: z.string() }) },
  responses: { 204: { description: 'Deleted' } },
})

export const deleteOrganizationPrototypePermission = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { namespace: organization, actor } = c.var.granted()
    const { prototypeid: uuid } = c.req.valid('param')
    const deletion = { organization, uuid, actor, ip: c.var.ip, now: c.env.now() }
    await deleteDefaultGrant(c.env.store, deletion, c.var.along)
    return c.body(null, 204)
  },
})
