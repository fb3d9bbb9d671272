import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { saveTeam, teamReads } from '../../../domain/team/saveTeam.ts'
import { forgetAll, onNamespace } from '../access.ts'
import { organizationMissing } from '../organization/organizationMissing.ts'
import { TeamView, teamRoleNames, teamView } from './teamView.ts'

const route = createRoute({
  operationId: 'updateOrganizationTeam',
  summary: 'Create a team, or change its role or description',
  method: 'put',
  path: '/organization/{orgname}/team/{teamname}',
  ...onNamespace('admin', {
    missing: organizationMissing,
    along: ({ store, param, namespaceId, accountId }) => teamReads(store, namespaceId, param('teamname'), accountId),
  }),
  request: {
    params: z.object({ orgname: z.string(), teamname: z.string() }),
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .object({ role: z.enum(teamRoleNames), description: z.string().optional() })
            .openapi('TeamDescription'),
        },
      },
    },
  },
  responses: { 200: { description: 'The team as it is now', content: { 'application/json': { schema: TeamView } } } },
})

export const updateOrganizationTeam = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { namespace: organization, actor } = c.var.granted()
    const { teamname: name } = c.req.valid('param')
    const { role, description } = c.req.valid('json')
    const details = { organization, name, role, description, actor, ip: c.var.ip, now: c.env.now() }
    const { team, isNew, touched } = await saveTeam(c.env.store, details, c.var.along)
    await forgetAll(c.env, touched)
    return c.json(teamView(team, isNew), 200)
  },
})
