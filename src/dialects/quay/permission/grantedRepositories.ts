import { z } from '@hono/zod-openapi'
import { repositoryRoleOf } from '../../../domain/token/scope.ts'
import { roles } from './permissionView.ts'

export const GrantedRepositories = z
  .object({
    permissions: z.array(
      z.object({ repository: z.object({ name: z.string(), is_public: z.boolean() }), role: z.enum(roles) }),
    ),
  })
  .openapi('GrantedRepositories')

/** What a team or a robot was granted, as the answer to who asks what it may do. */
export const grantedRepositories = (
  grants: readonly { name: string; isPublic: boolean; role: number }[],
): z.infer<typeof GrantedRepositories> => ({
  permissions: grants.map(({ name, isPublic, role }) => ({
    repository: { name, is_public: isPublic },
    role: repositoryRoleOf(role),
  })),
})
