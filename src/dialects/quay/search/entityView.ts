import { z } from '@hono/zod-openapi'
import type { FoundAccount } from '../../../store/entities.ts'
import type { Namespace } from '../../../store/rights.ts'
import type { Team } from '../../../store/teams.ts'
import { AvatarView, accountAvatar, teamAvatar } from '../avatarView.ts'

export const Entity = z
  .object({
    name: z.string(),
    kind: z.enum(['user', 'team', 'org']),
    is_robot: z.boolean().optional(),
    is_org_member: z.boolean().optional(),
    avatar: AvatarView,
  })
  .openapi('Entity')
type Entity = z.infer<typeof Entity>

/** `ofOrganization`: the search was made for an organization, so that it matters who is a member. */
export const accountEntity = (found: FoundAccount, ofOrganization: boolean): Entity => ({
  name: found.username,
  kind: 'user',
  is_robot: found.kind === 'robot',
  avatar: accountAvatar(found),
  ...(ofOrganization && { is_org_member: found.isMember }),
})

export const teamEntity = ({ name }: Team): Entity => ({
  name,
  kind: 'team',
  is_org_member: true,
  avatar: teamAvatar(name),
})

export const organizationEntity = (organization: Namespace): Entity => ({
  name: organization.username,
  kind: 'org',
  is_org_member: true,
  avatar: accountAvatar(organization),
})
