import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { repositoryRoleOf } from '../../../domain/token/scope.ts'
import { RegistryError } from '../../../errors.ts'
import { rolesOf } from '../../../store/grants.ts'
import { onRepository } from '../access.ts'
import { roles } from './permissionView.ts'

const route = createRoute({
  operationId: 'getUserTransitivePermission',
  summary: 'The roles that a user or a robot holds on a repository by itself and through teams',
  method: 'get',
  path: '/repository/{repository}/permissions/user/{username}/transitive',
  ...onRepository('admin', {
    readOnlySuperuserMayLook: true,
    mayBeMissing: true,
    along: ({ store, param, repositoryId }) => [rolesOf(store, param('username'), repositoryId)],
  }),
  request: { params: z.object({ repository: z.string(), username: z.string() }) },
  responses: {
    200: {
      description: 'One role for each grant',
      content: {
        'application/json': { schema: z.object({ permissions: z.array(z.object({ role: z.enum(roles) })) }) },
      },
    },
  },
})

export const getUserTransitivePermission = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const [grants] = c.var.along
    if (grants.length === 0) throw new RegistryError('not_found', 'no such user, or nothing was granted')
    return c.json({ permissions: grants.map(({ role }) => ({ role: repositoryRoleOf(role) })) }, 200)
  },
})
