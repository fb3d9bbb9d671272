import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { teamsOf } from '../../../store/teams.ts'
import { onOpenOrganization } from '../access.ts'
import { OrganizationView, organizationView } from './organizationView.ts'

const route = createRoute({
  operationId: 'getOrganization',
  summary: 'An organization, as much of it as the caller may see',
  method: 'get',
  path: '/organization/{orgname}',
  ...onOpenOrganization(({ store, namespaceId, accountId }) => [teamsOf(store, namespaceId, accountId)]),
  request: { params: z.object({ orgname: z.string() }) },
  responses: {
    200: { description: 'The organization', content: { 'application/json': { schema: OrganizationView } } },
  },
})

export const getOrganization = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const { namespace, authority, along } = c.var
    return c.json(organizationView(namespace, authority, along[0], c.env.settings), 200)
  },
})
