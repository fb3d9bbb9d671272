import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { teamGrantReads } from '../../../domain/grant/changeGrant.ts'
import { repositoryRoleOf } from '../../../domain/token/scope.ts'
import { onRepository } from '../access.ts'
import { messageError } from '../errors.ts'
import { roles } from './permissionView.ts'

const route = createRoute({
  operationId: 'getTeamPermissions',
  summary: 'The role that a team was granted on a repository',
  method: 'get',
  path: '/repository/{repository}/permissions/team/{teamname}',
  ...onRepository('admin', {
    readOnlySuperuserMayLook: true,
    mayBeMissing: true,
    along: ({ store, param, repositoryId, namespaceId }) =>
      teamGrantReads(store, param('teamname'), repositoryId, namespaceId),
  }),
  request: { params: z.object({ repository: z.string(), teamname: z.string() }) },
  responses: {
    200: {
      description: 'The role',
      content: { 'application/json': { schema: z.object({ role: z.enum(roles) }).openapi('Role') } },
    },
  },
})

export const getTeamPermissions = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const [[team]] = c.var.along
    if (!team?.role) throw messageError(400, 'Team does not have permission for repo.')
    return c.json({ role: repositoryRoleOf(team.role) }, 200)
  },
})
