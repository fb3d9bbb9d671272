import { changeInstallUser } from './changeInstallUser.ts'
import { changeOrganization } from './changeOrganization.ts'
import { createInstallUser } from './createInstallUser.ts'
import { deleteInstallUser } from './deleteInstallUser.ts'
import { deleteOrganization } from './deleteOrganization.ts'
import { getInstallUser } from './getInstallUser.ts'
import { listAllAppTokens } from './listAllAppTokens.ts'
import { listAllOrganizations } from './listAllOrganizations.ts'
import { listAllUsers } from './listAllUsers.ts'
import { takeOwnership } from './takeOwnership.ts'

export const superuserEndpoints = [
  changeInstallUser,
  changeOrganization,
  createInstallUser,
  deleteInstallUser,
  deleteOrganization,
  getInstallUser,
  listAllAppTokens,
  listAllOrganizations,
  listAllUsers,
  takeOwnership,
] as const
