import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { memberRemovalReads, removeTeamMember } from '../../../domain/team/removeTeamMember.ts'
import { forgetAll, onNamespace } from '../access.ts'

const route = createRoute({
  operationId: 'deleteOrganizationTeamMember',
  summary: 'Take a user or a robot out of a team, or an invitation back',
  method: 'delete',
  path: '/organization/{orgname}/team/{teamname}/members/{membername}',
  ...onNamespace('admin', {
    along: ({ store, param, namespaceId, accountId }) =>
      memberRemovalReads(store, namespaceId, param('teamname'), param('membername'), accountId),
  }),
  request: { params: z.object({ orgname: z.string(), teamname: z.string(), membername: z.string() }) },
  responses: { 204: { description: 'Taken out' } },
})

export const deleteOrganizationTeamMember = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { namespace: organization, actor } = c.var.granted()
    const { teamname: teamName, membername: memberName } = c.req.valid('param')
    const removal = { organization, teamName, memberName, actor, ip: c.var.ip, now: c.env.now() }
    await forgetAll(c.env, await removeTeamMember(c.env.store, removal, c.var.along))
    return c.body(null, 204)
  },
})
