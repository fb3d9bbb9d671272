import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { emailInviteReads, inviteEmail, withdrawEmailInvite } from '../../../domain/team/invites.ts'
import { onNamespace } from '../access.ts'
import { onlyWith } from '../features.ts'
import { postOf, sendQueuedMail } from '../post.ts'
import { InviteView, inviteView } from './teamView.ts'

const common = {
  path: '/organization/{orgname}/team/{teamname}/invite/{email}',
  ...onNamespace('admin', {
    along: ({ store, param, namespaceId }) => emailInviteReads(store, namespaceId, param('teamname'), param('email')),
  }),
  ...onlyWith('FEATURE_MAILING'),
  request: { params: z.object({ orgname: z.string(), teamname: z.string(), email: z.string() }) },
} as const

export const inviteTeamMemberEmail = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'inviteTeamMemberEmail',
    summary: 'Invite whoever has an e-mail address into a team',
    method: 'put',
    ...common,
    responses: { 200: { description: 'Invited', content: { 'application/json': { schema: InviteView } } } },
  }),
  handler: async (c) => {
    const { namespace: organization, actor } = c.var.granted()
    const { teamname: teamName, email } = c.req.valid('param')
    const origin = { actor, ip: c.var.ip, now: c.env.now() }
    await inviteEmail(c.env.store, { organization, teamName, email, post: postOf(c), ...origin }, c.var.along)
    sendQueuedMail(c)
    return c.json(inviteView(email), 200)
  },
})

export const deleteTeamMemberEmailInvite = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'deleteTeamMemberEmailInvite',
    summary: 'Take the invitation of an e-mail address back',
    method: 'delete',
    ...common,
    responses: { 204: { description: 'Taken back' } },
  }),
  handler: async (c) => {
    const { namespace: organization, actor } = c.var.granted()
    const { teamname: teamName, email } = c.req.valid('param')
    const invitation = { organization, teamName, email, actor, ip: c.var.ip, now: c.env.now() }
    await withdrawEmailInvite(c.env.store, invitation, c.var.along)
    return c.body(null, 204)
  },
})
