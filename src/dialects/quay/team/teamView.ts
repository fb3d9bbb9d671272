import { z } from '@hono/zod-openapi'
import { avatarOf } from '../../../domain/namespace/avatar.ts'
import { type TeamRole, teamRoleOf } from '../../../domain/token/scope.ts'
import { AvatarView, accountAvatar, teamAvatar } from '../avatarView.ts'

export const teamRoleNames = ['member', 'creator', 'admin'] as const satisfies TeamRole[]

export const TeamView = z
  .object({
    name: z.string(),
    description: z.string(),
    can_view: z.boolean(),
    role: z.enum(teamRoleNames),
    avatar: AvatarView,
    new_team: z.boolean(),
  })
  .openapi('Team')

/** A team as who has just changed it sees it. */
export const teamView = (
  team: { name: string; description: string; role: number },
  isNew: boolean,
): z.infer<typeof TeamView> => ({
  name: team.name,
  description: team.description,
  can_view: true,
  role: teamRoleOf(team.role),
  avatar: teamAvatar(team.name),
  new_team: isNew,
})

/** A robot's kind is `user` too, as in Quay. */
export const MemberView = z
  .object({
    name: z.string(),
    kind: z.literal('user'),
    is_robot: z.boolean(),
    avatar: AvatarView,
    invited: z.boolean(),
  })
  .openapi('TeamMember')

export const memberView = (
  member: { kind: 'user' | 'organization' | 'robot'; username: string; email: string },
  isInvited: boolean,
): z.infer<typeof MemberView> => ({
  name: member.username,
  kind: 'user',
  is_robot: member.kind === 'robot',
  avatar: accountAvatar(member),
  invited: isInvited,
})

/** Somebody invited by e-mail address. */
export const InviteView = z
  .object({ email: z.string(), kind: z.literal('invite'), avatar: AvatarView, invited: z.literal(true) })
  .openapi('TeamInvite')

export const inviteView = (email: string): z.infer<typeof InviteView> => ({
  email,
  kind: 'invite',
  avatar: avatarOf('user', email, email),
  invited: true,
})
