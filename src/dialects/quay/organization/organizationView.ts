import { z } from '@hono/zod-openapi'
import type { Authority } from '../../../domain/grant/authorize.ts'
import { avatarOf } from '../../../domain/namespace/avatar.ts'
import { isEmailAddress } from '../../../domain/namespace/createOrganization.ts'
import { teamRank, teamRoleOf } from '../../../domain/token/scope.ts'
import type { Settings } from '../../../settings.ts'
import type { Namespace } from '../../../store/rights.ts'
import type { TeamSummary } from '../../../store/teams.ts'
import { AvatarView, teamAvatar } from '../avatarView.ts'
import { QuotaPart, quotaPart } from '../quotaView.ts'
import { teamRoleNames } from '../team/teamView.ts'

const TeamSummaryView = z
  .object({
    name: z.string(),
    description: z.string(),
    role: z.enum(teamRoleNames),
    avatar: AvatarView,
    can_view: z.boolean(),
    repo_count: z.int(),
    member_count: z.int(),
    is_synced: z.boolean(),
  })
  .openapi('TeamSummary')

export const OrganizationView = z
  .object({
    name: z.string(),
    email: z.string(),
    avatar: AvatarView,
    is_admin: z.boolean(),
    is_member: z.boolean(),
    teams: z.record(z.string(), TeamSummaryView).optional(),
    ordered_teams: z.array(z.string()).optional(),
    invoice_email: z.boolean().optional(),
    invoice_email_address: z.string().nullable().optional(),
    tag_expiration_s: z.int().optional(),
    is_free_account: z.boolean().optional(),
    ...QuotaPart,
  })
  .openapi('Organization')

/** An organization as the caller may see it: strangers its name, members its teams, admins everything. */
export function organizationView(
  organization: Namespace,
  authority: Authority,
  teams: readonly TeamSummary[],
  settings: Settings,
): z.infer<typeof OrganizationView> {
  const isAdmin = authority.namespaceRank === teamRank('admin') || authority.readsEverything
  const isMember = authority.namespaceRank > 0 || authority.readsEverything
  const seesAllTeams = isAdmin || teams.some((team) => team.hasCaller && team.role === teamRank('admin'))
  const views = teams.map((team) => teamSummaryView(team, seesAllTeams || team.hasCaller))
  return {
    name: organization.username,
    email: isAdmin && isEmailAddress(organization.email) ? organization.email : '',
    avatar: avatarOf('user', organization.username, organization.email),
    is_admin: isAdmin,
    is_member: isMember,
    ...(isMember && {
      teams: Object.fromEntries(views.map((team) => [team.name, team])),
      ordered_teams: views.map(({ name }) => name),
    }),
    ...(isAdmin && {
      invoice_email: organization.invoiceEmail,
      invoice_email_address: organization.invoiceEmailAddress,
      tag_expiration_s: organization.tagExpirationSeconds,
      is_free_account: true,
    }),
    ...(isMember && quotaPart(settings)),
  }
}

const teamSummaryView = (team: TeamSummary, canView: boolean): z.infer<typeof TeamSummaryView> => ({
  name: team.name,
  description: team.description,
  role: teamRoleOf(team.role),
  avatar: teamAvatar(team.name),
  can_view: canView,
  repo_count: team.repositoryCount,
  member_count: team.memberCount,
  is_synced: false,
})
