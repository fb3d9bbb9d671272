import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { changeDefaultGrant, defaultGrantReads } from '../../../domain/grant/defaultGrants.ts'
import { onNamespace } from '../access.ts'
import { RoleChange } from '../permission/permissionView.ts'
import { PrototypeView, prototypeView } from './prototypeView.ts'

const route = createRoute({
  operationId: 'updateOrganizationPrototypePermission',
  summary: "Change a default permission's role",
  method: 'put',
  path: '/organization/{orgname}/prototypes/{prototypeid}',
  ...onNamespace('admin', {
    along: ({ store, namespaceId, param }) => defaultGrantReads(store, namespaceId, param('prototypeid')),
  }),
  request: {
    params: z.object({ orgname: z.string(), prototypeid: z.string() }),
    body: { required: true, content: { 'application/json': { schema: RoleChange } } },
  },
  responses: {
    200: { description: 'The default permission', content: { 'application/json': { schema: PrototypeView } } },
  },
})

export const updateOrganizationPrototypePermission = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { namespace: organization, actor } = c.var.granted()
    const { prototypeid: uuid } = c.req.valid('param')
    const { role } = c.req.valid('json')
    const change = { organization, uuid, role, actor, ip: c.var.ip, now: c.env.now() }
    return c.json(prototypeView(await changeDefaultGrant(c.env.store, change, c.var.along)), 200)
  },
})
