import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { changeTeamGrant, teamGrantReads } from '../../../domain/grant/changeGrant.ts'
import { onRepository } from '../access.ts'

const route = createRoute({
  operationId: 'deleteTeamPermissions',
  summary: 'Take the role of a team on a repository away',
  method: 'delete',
  path: '/repository/{repository}/permissions/team/{teamname}',
  ...onRepository('admin', {
    along: ({ store, param, repositoryId, namespaceId }) =>
      teamGrantReads(store, param('teamname'), repositoryId, namespaceId),
  }),
  request: { params: z.object({ repository: z.string(), teamname: z.string() }) },
  responses: { 204: { description: 'Taken away' } },
})

export const deleteTeamPermissions = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { namespace, repository, actor, ip, along } = c.var
    const { teamname: name } = c.req.valid('param')
    const change = { namespace, repository, name, role: null, actor, ip, now: c.env.now() }
    await changeTeamGrant(c.env.store, change, along)
    return c.body(null, 204)
  },
})
