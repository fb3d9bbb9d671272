import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { grantsOfCollaborators } from '../../../store/members.ts'
import { onNamespace } from '../access.ts'
import { Collaborator, collaboratorViews } from './memberView.ts'

const route = createRoute({
  operationId: 'getOrganizationCollaborators',
  summary: 'Users with a role on a repository of an organization who are in none of its teams',
  method: 'get',
  path: '/organization/{orgname}/collaborators',
  ...onNamespace('admin', {
    readOnlySuperuserMayLook: true,
    along: ({ store, namespaceId }) => [grantsOfCollaborators(store, namespaceId)],
  }),
  request: { params: z.object({ orgname: z.string() }) },
  responses: {
    200: {
      description: 'The collaborators',
      content: { 'application/json': { schema: z.object({ collaborators: z.array(Collaborator) }) } },
    },
  },
})

export const getOrganizationCollaborators = defineOpenAPIRoute({
  route,
  handler: (c) => {
    c.var.granted()
    return c.json({ collaborators: collaboratorViews(c.var.along[0]) }, 200)
  },
})
