import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { grantsOfMembers, memberships } from '../../../store/members.ts'
import { onNamespace } from '../access.ts'
import { memberViews, OrganizationMember } from './memberView.ts'

const route = createRoute({
  operationId: 'getOrganizationMembers',
  summary: 'The people in the teams of an organization',
  method: 'get',
  path: '/organization/{orgname}/members',
  ...onNamespace('admin', {
    readOnlySuperuserMayLook: true,
    along: ({ store, namespaceId }) => [memberships(store, namespaceId), grantsOfMembers(store, namespaceId)] as const,
  }),
  request: { params: z.object({ orgname: z.string() }) },
  responses: {
    200: {
      description: 'The members',
      content: { 'application/json': { schema: z.object({ members: z.array(OrganizationMember) }) } },
    },
  },
})

export const getOrganizationMembers = defineOpenAPIRoute({
  route,
  handler: (c) => {
    c.var.granted()
    const [rows, grants] = c.var.along
    return c.json({ members: memberViews(rows, grants) }, 200)
  },
})
