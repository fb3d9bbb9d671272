import { createOrganizationPrototypePermission } from './createOrganizationPrototypePermission.ts'
import { deleteOrganizationPrototypePermission } from './deleteOrganizationPrototypePermission.ts'
import { getOrganizationPrototypePermissions } from './getOrganizationPrototypePermissions.ts'
import { updateOrganizationPrototypePermission } from './updateOrganizationPrototypePermission.ts'

export const prototypeEndpoints = [
  getOrganizationPrototypePermissions,
  createOrganizationPrototypePermission,
  updateOrganizationPrototypePermission,
  deleteOrganizationPrototypePermission,
] as const
