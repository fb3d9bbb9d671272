import { changeOrganizationDetails } from './changeOrganizationDetails.ts'
import { createOrganization } from './createOrganization.ts'
import { deleteAdminedOrganization } from './deleteAdminedOrganization.ts'
import { getOrganization } from './getOrganization.ts'
import { getOrganizationCollaborators } from './getOrganizationCollaborators.ts'
import { getOrganizationMember } from './getOrganizationMember.ts'
import { getOrganizationMembers } from './getOrganizationMembers.ts'
import { removeOrganizationMember } from './removeOrganizationMember.ts'

export const organizationEndpoints = [
  createOrganization,
  getOrganization,
  changeOrganizationDetails,
  deleteAdminedOrganization,
  getOrganizationMembers,
  getOrganizationMember,
  removeOrganizationMember,
  getOrganizationCollaborators,
] as const
