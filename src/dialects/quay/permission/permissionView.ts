import { z } from '@hono/zod-openapi'
import { type RepositoryRole, repositoryRoleOf } from '../../../domain/token/scope.ts'
import type { Namespace } from '../../../store/rights.ts'
import { AvatarView, accountAvatar, teamAvatar } from '../avatarView.ts'

export const roles = ['read', 'write', 'admin'] as const satisfies RepositoryRole[]
export const RoleChange = z.object({ role: z.enum(roles) }).openapi('PermissionChange')

export const UserPermission = z
  .object({
    role: z.enum(roles),
    name: z.string(),
    is_robot: z.boolean(),
    avatar: AvatarView,
    is_org_member: z.boolean().optional(),
  })
  .openapi('UserPermission')

export const TeamPermission = z
  .object({ role: z.enum(roles), name: z.string(), avatar: AvatarView })
  .openapi('TeamPermission')

interface Grantee {
  kind: 'user' | 'organization' | 'robot'
  username: string
  email: string
  role: number | null
  isMember: boolean
}

/** Whether somebody is of the organization is said only where the namespace is one. */
export const userPermissionView = (user: Grantee, namespace: Namespace): z.infer<typeof UserPermission> => ({
  role: repositoryRoleOf(user.role ?? 0),
  name: user.username,
  is_robot: user.kind === 'robot',
  avatar: accountAvatar(user),
  ...(namespace.kind === 'organization' && { is_org_member: user.isMember }),
})

export const teamPermissionView = (team: { name: string; role: number | null }): z.infer<typeof TeamPermission> => ({
  role: repositoryRoleOf(team.role ?? 0),
  name: team.name,
  avatar: teamAvatar(team.name),
})
