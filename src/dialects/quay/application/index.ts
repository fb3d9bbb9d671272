import { createOrganizationApplication } from './createOrganizationApplication.ts'
import { createOrganizationApplicationToken } from './createOrganizationApplicationToken.ts'
import { deleteOrganizationApplication } from './deleteOrganizationApplication.ts'
import { deleteOrganizationApplicationToken } from './deleteOrganizationApplicationToken.ts'
import { getApplicationInformation } from './getApplicationInformation.ts'
import { getOrganizationApplication } from './getOrganizationApplication.ts'
import { getOrganizationApplications } from './getOrganizationApplications.ts'
import { listOrganizationApplicationTokens } from './listOrganizationApplicationTokens.ts'
import { resetOrganizationApplicationClientSecret } from './resetOrganizationApplicationClientSecret.ts'
import { updateOrganizationApplication } from './updateOrganizationApplication.ts'

export const applicationEndpoints = [
  createOrganizationApplication,
  createOrganizationApplicationToken,
  deleteOrganizationApplication,
  deleteOrganizationApplicationToken,
  getApplicationInformation,
  getOrganizationApplication,
  getOrganizationApplications,
  listOrganizationApplicationTokens,
  resetOrganizationApplicationClientSecret,
  updateOrganizationApplication,
] as const
