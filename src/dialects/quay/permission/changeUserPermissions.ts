import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { changeUserGrant, userGrantReads } from '../../../domain/grant/changeGrant.ts'
import { onRepository } from '../access.ts'
import { RoleChange, UserPermission, userPermissionView } from './permissionView.ts'

const route = createRoute({
  operationId: 'changeUserPermissions',
  summary: 'Give a user or a robot a role on a repository',
  method: 'put',
  path: '/repository/{repository}/permissions/user/{username}',
  ...onRepository('admin', {
    along: ({ store, param, repositoryId, namespaceId }) =>
      userGrantReads(store, param('username'), repositoryId, namespaceId),
  }),
  request: {
    params: z.object({ repository: z.string(), username: z.string() }),
    body: { required: true, content: { 'application/json': { schema: RoleChange } } },
  },
  responses: {
    200: { description: 'What it holds now', content: { 'application/json': { schema: UserPermission } } },
  },
})

export const changeUserPermissions = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { namespace, repository, actor, ip, along } = c.var
    const { username: name } = c.req.valid('param')
    const { role } = c.req.valid('json')
    const change = { namespace, repository, name, role, actor, ip, now: c.env.now() }
    return c.json(userPermissionView(await changeUserGrant(c.env.store, change, along), namespace), 200)
  },
})
