import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { memberReads, removeMember } from '../../../domain/namespace/removeMember.ts'
import { forgetAll, onNamespace } from '../access.ts'

const route = createRoute({
  operationId: 'removeOrganizationMember',
  summary: 'Take a user out of all teams and off all repositories of an organization',
  method: 'delete',
  path: '/organization/{orgname}/members/{membername}',
  ...onNamespace('admin', {
    along: ({ store, param, namespaceId }) => memberReads(store, namespaceId, param('membername')),
  }),
  request: { params: z.object({ orgname: z.string(), membername: z.string() }) },
  responses: { 204: { description: 'Out' } },
})

export const removeOrganizationMember = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { namespace: organization, actor } = c.var.granted()
    const { membername: username } = c.req.valid('param')
    const removal = { organization, username, actor, ip: c.var.ip, now: c.env.now() }
    await forgetAll(c.env, await removeMember(c.env.store, removal, c.var.along))
    return c.body(null, 204)
  },
})
