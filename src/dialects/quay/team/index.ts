import { updateOrganizationTeam } from './updateOrganizationTeam.ts'
import { updateOrganizationTeamMember } from './updateOrganizationTeamMember.ts'

export const teamEndpoints = [updateOrganizationTeam, updateOrganizationTeamMember] as const
