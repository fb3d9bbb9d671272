import { z } from '@hono/zod-openapi'
import { repositoryRoleOf } from '../../../domain/token/scope.ts'
import type { NamedDefaultGrant } from '../../../store/defaultGrants.ts'
import { AvatarView, accountAvatar, teamAvatar } from '../avatarView.ts'
import { roles } from '../permission/permissionView.ts'

const UserRef = z
  .object({
    name: z.string(),
    is_robot: z.boolean(),
    kind: z.literal('user'),
    is_org_member: z.boolean(),
    avatar: AvatarView,
  })
  .openapi('UserRef')

const TeamRef = z.object({ name: z.string(), kind: z.literal('team'), avatar: AvatarView }).openapi('TeamRef')

export const PrototypeView = z
  .object({
    activating_user: UserRef.nullable(),
    delegate: z.union([UserRef, TeamRef]),
    role: z.enum(roles),
    id: z.string(),
  })
  .openapi('Prototype')

/** A default grant in Quay's words, which calls it a prototype. */
export const prototypeView = (grant: NamedDefaultGrant): z.infer<typeof PrototypeView> => ({
  activating_user: grant.activating.username === null ? null : userRef(grant.activating),
  delegate: grant.team.name === null ? userRef(grant.delegate) : teamRef(grant.team.name),
  role: repositoryRoleOf(grant.role),
  id: grant.uuid,
})

const teamRef = (name: string): z.infer<typeof TeamRef> => ({ name, kind: 'team', avatar: teamAvatar(name) })

function userRef(user: NamedDefaultGrant['delegate']): z.infer<typeof UserRef> {
  const account = { username: user.username ?? '', kind: user.kind ?? 'user', email: user.email ?? '' } as const
  const isRobot = account.kind === 'robot'
  return {
    name: account.username,
    is_robot: isRobot,
    kind: 'user',
    is_org_member: isRobot || user.isMember,
    avatar: accountAvatar(account),
  }
}
