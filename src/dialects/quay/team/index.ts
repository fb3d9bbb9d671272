import { deleteOrganizationTeam } from './deleteOrganizationTeam.ts'
import { deleteOrganizationTeamMember } from './deleteOrganizationTeamMember.ts'
import { getOrganizationTeamMembers } from './getOrganizationTeamMembers.ts'
import { getOrganizationTeamPermissions } from './getOrganizationTeamPermissions.ts'
import { acceptOrganizationTeamInvite, declineOrganizationTeamInvite } from './organizationTeamInvite.ts'
import { deleteTeamMemberEmailInvite, inviteTeamMemberEmail } from './teamMemberEmailInvite.ts'
import { updateOrganizationTeam } from './updateOrganizationTeam.ts'
import { updateOrganizationTeamMember } from './updateOrganizationTeamMember.ts'

export const teamEndpoints = [
  updateOrganizationTeam,
  deleteOrganizationTeam,
  getOrganizationTeamMembers,
  updateOrganizationTeamMember,
  deleteOrganizationTeamMember,
  inviteTeamMemberEmail,
  deleteTeamMemberEmailInvite,
  getOrganizationTeamPermissions,
  acceptOrganizationTeamInvite,
  declineOrganizationTeamInvite,
] as const
