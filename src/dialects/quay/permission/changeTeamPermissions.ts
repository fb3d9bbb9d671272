import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { changeTeamGrant, teamGrantReads } from '../../../domain/grant/changeGrant.ts'
import { onRepository } from '../access.ts'
import { RoleChange, TeamPermission, teamPermissionView } from './permissionView.ts'

const route = createRoute({
  operationId: 'changeTeamPermissions',
  summary: 'Give a team a role on a repository',
  method: 'put',
  path: '/repository/{repository}/permissions/team/{teamname}',
  ...onRepository('admin', {
    along: ({ store, param, repositoryId, namespaceId }) =>
      teamGrantReads(store, param('teamname'), repositoryId, namespaceId),
  }),
  request: {
    params: z.object({ repository: z.string(), teamname: z.string() }),
    body: { required: true, content: { 'application/json': { schema: RoleChange } } },
  },
  responses: {
    200: { description: 'What it holds now', content: { 'application/json': { schema: TeamPermission } } },
  },
})

export const changeTeamPermissions = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { namespace, repository, actor, ip, along } = c.var
    const { teamname: name } = c.req.valid('param')
    const { role } = c.req.valid('json')
    const change = { namespace, repository, name, role, actor, ip, now: c.env.now() }
    return c.json(teamPermissionView(await changeTeamGrant(c.env.store, change, along)), 200)
  },
})
