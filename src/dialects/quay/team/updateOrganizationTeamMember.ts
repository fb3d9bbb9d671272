import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { addTeamMember, memberReads } from '../../../domain/team/addTeamMember.ts'
import { forgetAll, onNamespace } from '../access.ts'
import { postOf, sendQueuedMail } from '../post.ts'
import { MemberView, memberView } from './teamView.ts'

const route = createRoute({
  operationId: 'updateOrganizationTeamMember',
  summary: 'Put a user or a robot into a team, or invite the user',
  method: 'put',
  path: '/organization/{orgname}/team/{teamname}/members/{membername}',
  ...onNamespace('admin', {
    along: ({ store, param, namespaceId }) => memberReads(store, namespaceId, param('teamname'), param('membername')),
  }),
  request: { params: z.object({ orgname: z.string(), teamname: z.string(), membername: z.string() }) },
  responses: { 200: { description: 'The member', content: { 'application/json': { schema: MemberView } } } },
})

export const updateOrganizationTeamMember = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { namespace: organization, actor } = c.var.granted()
    const { teamname: teamName, membername: memberName } = c.req.valid('param')
    const { store, settings } = c.env
    const wanted = {
      organization,
      teamName,
      memberName,
      settings,
      actor,
      post: postOf(c),
      ip: c.var.ip,
      now: c.env.now(),
    }
    const { member, isInvited, touched } = await addTeamMember(store, wanted, c.var.along)
    await forgetAll(c.env, touched)
    if (isInvited) sendQueuedMail(c)
    return c.json(memberView(member, isInvited), 200)
  },
})
