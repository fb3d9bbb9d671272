import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { RegistryError } from '../../../errors.ts'
import { repositoriesOfTeam, teamIdNamed, teamNamed } from '../../../store/teams.ts'
import { onNamespace } from '../access.ts'
import { GrantedRepositories, grantedRepositories } from '../permission/grantedRepositories.ts'

const route = createRoute({
  operationId: 'getOrganizationTeamPermissions',
  summary: 'The repositories that a team was granted a role on',
  method: 'get',
  path: '/organization/{orgname}/team/{teamname}/permissions',
  ...onNamespace('admin', {
    scope: null,
    readOnlySuperuserMayLook: true,
    along: ({ store, param, namespaceId }) =>
      [
        teamNamed(store, namespaceId, param('teamname')),
        repositoriesOfTeam(store, teamIdNamed(namespaceId, param('teamname'))),
      ] as const,
  }),
  request: { params: z.object({ orgname: z.string(), teamname: z.string() }) },
  responses: {
    200: { description: 'Roles by repository', content: { 'application/json': { schema: GrantedRepositories } } },
  },
})

export const getOrganizationTeamPermissions = defineOpenAPIRoute({
  route,
  handler: (c) => {
    c.var.granted()
    const [[team], grants] = c.var.along
    if (!team) throw new RegistryError('not_found', 'no such team')
    return c.json(grantedRepositories(grants), 200)
  },
})
