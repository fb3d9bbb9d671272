import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { userGrantReads } from '../../../domain/grant/changeGrant.ts'
import { onRepository } from '../access.ts'
import { messageError } from '../errors.ts'
import { UserPermission, userPermissionView } from './permissionView.ts'

const route = createRoute({
  operationId: 'getUserPermissions',
  summary: 'The role that a user or a robot was granted on a repository',
  method: 'get',
  path: '/repository/{repository}/permissions/user/{username}',
  ...onRepository('admin', {
    readOnlySuperuserMayLook: true,
    mayBeMissing: true,
    along: ({ store, param, repositoryId, namespaceId }) =>
      userGrantReads(store, param('username'), repositoryId, namespaceId),
  }),
  request: { params: z.object({ repository: z.string(), username: z.string() }) },
  responses: { 200: { description: 'The role', content: { 'application/json': { schema: UserPermission } } } },
})

export const getUserPermissions = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const [[user]] = c.var.along
    if (!user?.role) throw messageError(400, 'User does not have permission for repo.')
    return c.json(userPermissionView(user, c.var.namespace), 200)
  },
})
