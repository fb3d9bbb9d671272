import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { defaultGrantsOf } from '../../../store/defaultGrants.ts'
import { onNamespace } from '../access.ts'
import { PrototypeView, prototypeView } from './prototypeView.ts'

const route = createRoute({
  operationId: 'getOrganizationPrototypePermissions',
  summary: 'What new repositories of an organization grant from the start',
  method: 'get',
  path: '/organization/{orgname}/prototypes',
  ...onNamespace('admin', {
    readOnlySuperuserMayLook: true,
    along: ({ store, namespaceId }) => [defaultGrantsOf(store, namespaceId)],
  }),
  request: { params: z.object({ orgname: z.string() }) },
  responses: {
    200: {
      description: 'The default permissions',
      content: { 'application/json': { schema: z.object({ prototypes: z.array(PrototypeView) }) } },
    },
  },
})

export const getOrganizationPrototypePermissions = defineOpenAPIRoute({
  route,
  handler: (c) => {
    c.var.granted()
    return c.json({ prototypes: c.var.along[0].map(prototypeView) }, 200)
  },
})
