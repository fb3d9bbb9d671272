import { changeOrganizationDetails } from './changeOrganizationDetails.ts'
import { createOrganization } from './createOrganization.ts'
import { getOrganization } from './getOrganization.ts'

export const organizationEndpoints = [createOrganization, getOrganization, changeOrganizationDetails] as const
