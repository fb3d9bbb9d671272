import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { userGrants } from '../../../store/grants.ts'
import { onRepository } from '../access.ts'
import { UserPermission, userPermissionView } from './permissionView.ts'

const route = createRoute({
  operationId: 'listRepoUserPermissions',
  summary: 'The users and robots that were granted a role on a repository',
  method: 'get',
  path: '/repository/{repository}/permissions/user/',
  ...onRepository('admin', {
    readOnlySuperuserMayLook: true,
    mayBeMissing: true,
    along: ({ store, repositoryId, namespaceId }) => [userGrants(store, repositoryId, namespaceId)],
  }),
  request: { params: z.object({ repository: z.string() }) },
  responses: {
    200: {
      description: 'Roles by name',
      content: {
        'application/json': { schema: z.object({ permissions: z.record(z.string(), UserPermission) }) },
      },
    },
  },
})

export const listRepoUserPermissions = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const [users] = c.var.along
    const permissions = Object.fromEntries(
      users.map((user) => [user.username, userPermissionView(user, c.var.namespace)]),
    )
    return c.json({ permissions }, 200)
  },
})
