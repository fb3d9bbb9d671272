import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { acceptInvite, declineInvite, inviteReads } from '../../../domain/team/answerInvite.ts'
import { forgetAll, onOwnAccount } from '../access.ts'
import { internal, onlyWith } from '../features.ts'

const common = {
  path: '/teaminvite/{code}',
  ...onOwnAccount('admin', {
    along: ({ store, param, accountId }) => inviteReads(store, param('code'), accountId),
  }),
  ...onlyWith('FEATURE_MAILING'),
  ...internal,
  request: { params: z.object({ code: z.string() }) },
} as const

export const acceptOrganizationTeamInvite = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'acceptOrganizationTeamInvite',
    summary: 'Join every team of the organization that the caller is invited into',
    method: 'put',
    ...common,
    responses: {
      200: {
        description: 'Joined',
        content: {
          'application/json': { schema: z.object({ org: z.string(), team: z.string() }).openapi('JoinedTeam') },
        },
      },
    },
  }),
  handler: async (c) => {
    const { actor, ip, along } = c.var
    const { code } = c.req.valid('param')
    const answer = { code, actor, ip, now: c.env.now() }
    const { organization, team, touched } = await acceptInvite(c.env.store, answer, along)
    await forgetAll(c.env, touched)
    return c.json({ org: organization, team }, 200)
  },
})

export const declineOrganizationTeamInvite = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'declineOrganizationTeamInvite',
    summary: 'Turn an invitation into a team down',
    method: 'delete',
    ...common,
    responses: { 204: { description: 'Turned down' } },
  }),
  handler: async (c) => {
    const { actor, ip, along } = c.var
    const { code } = c.req.valid('param')
    await declineInvite(c.env.store, { code, actor, ip, now: c.env.now() }, along)
    return c.body(null, 204)
  },
})
