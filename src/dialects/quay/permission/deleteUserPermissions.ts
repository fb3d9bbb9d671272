import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { changeUserGrant, userGrantReads } from '../../../domain/grant/changeGrant.ts'
import { onRepository } from '../access.ts'

const route = createRoute({
  operationId: 'deleteUserPermissions',
  summary: 'Take the role of a user or a robot on a repository away',
  method: 'delete',
  path: '/repository/{repository}/permissions/user/{username}',
  ...onRepository('admin', {
    along: ({ store, param, repositoryId, namespaceId }) =>
      userGrantReads(store, param('username'), repositoryId, namespaceId),
  }),
  request: { params: z.object({ repository: z.string(), username: z.string() }) },
  responses: { 204: { description: 'Taken away' } },
})

export const deleteUserPermissions = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { namespace, repository, actor, ip, along } = c.var
    const { username: name } = c.req.valid('param')
    const change = { namespace, repository, name, role: null, actor, ip, now: c.env.now() }
    await changeUserGrant(c.env.store, change, along)
    return c.body(null, 204)
  },
})
