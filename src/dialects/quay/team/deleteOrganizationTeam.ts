import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { deleteTeam, teamDeletionReads } from '../../../domain/team/deleteTeam.ts'
import { forgetAll, onNamespace } from '../access.ts'
import { organizationMissing } from '../organization/organizationMissing.ts'

const route = createRoute({
  operationId: 'deleteOrganizationTeam',
  summary: 'Delete a team',
  method: 'delete',
  path: '/organization/{orgname}/team/{teamname}',
  ...onNamespace('admin', {
    missing: organizationMissing,
    along: ({ store, param, namespaceId }) => teamDeletionReads(store, namespaceId, param('teamname')),
  }),
  request: { params: z.object({ orgname: z.string(), teamname: z.string() }) },
  responses: { 204: { description: 'Deleted' } },
})

export const deleteOrganizationTeam = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { namespace: organization, actor } = c.var.granted()
    const { teamname: name } = c.req.valid('param')
    const deletion = { organization, name, actor, ip: c.var.ip, now: c.env.now() }
    await forgetAll(c.env, await deleteTeam(c.env.store, deletion, c.var.along))
    return c.body(null, 204)
  },
})
