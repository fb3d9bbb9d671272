import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { RegistryError } from '../../../errors.ts'
import { grantsOfMember, memberWithTeams } from '../../../store/members.ts'
import { onNamespace } from '../access.ts'
import { memberViews, OrganizationMember } from './memberView.ts'

const route = createRoute({
  operationId: 'getOrganizationMember',
  summary: 'A member of an organization, or one of its robots',
  method: 'get',
  path: '/organization/{orgname}/members/{membername}',
  ...onNamespace('admin', {
    readOnlySuperuserMayLook: true,
    along: ({ store, param, namespaceId }) =>
      [
        memberWithTeams(store, namespaceId, param('membername')),
        grantsOfMember(store, namespaceId, param('membername')),
      ] as const,
  }),
  request: { params: z.object({ orgname: z.string(), membername: z.string() }) },
  responses: {
    200: { description: 'The member', content: { 'application/json': { schema: OrganizationMember } } },
  },
})

export const getOrganizationMember = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const { namespace } = c.var.granted()
    const [rows, grants] = c.var.along
    const isIn = rows.some(({ team, ownerId }) => team.id !== null || ownerId === namespace.id)
    const [view] = memberViews(rows, grants)
    if (!view || !isIn) throw new RegistryError('not_found', 'no such member')
    return c.json(view, 200)
  },
})
