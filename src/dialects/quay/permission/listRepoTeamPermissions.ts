import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { teamGrants } from '../../../store/grants.ts'
import { onRepository } from '../access.ts'
import { TeamPermission, teamPermissionView } from './permissionView.ts'

const route = createRoute({
  operationId: 'listRepoTeamPermissions',
  summary: 'The teams that were granted a role on a repository',
  method: 'get',
  path: '/repository/{repository}/permissions/team/',
  ...onRepository('admin', {
    readOnlySuperuserMayLook: true,
    mayBeMissing: true,
    along: ({ store, repositoryId }) => [teamGrants(store, repositoryId)],
  }),
  request: { params: z.object({ repository: z.string() }) },
  responses: {
    200: {
      description: 'Roles by name',
      content: {
        'application/json': { schema: z.object({ permissions: z.record(z.string(), TeamPermission) }) },
      },
    },
  },
})

export const listRepoTeamPermissions = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const [teams] = c.var.along
    const permissions = Object.fromEntries(teams.map((team) => [team.name, teamPermissionView(team)]))
    return c.json({ permissions }, 200)
  },
})
