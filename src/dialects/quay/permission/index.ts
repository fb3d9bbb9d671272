import { changeTeamPermissions } from './changeTeamPermissions.ts'
import { changeUserPermissions } from './changeUserPermissions.ts'
import { deleteTeamPermissions } from './deleteTeamPermissions.ts'
import { deleteUserPermissions } from './deleteUserPermissions.ts'
import { getTeamPermissions } from './getTeamPermissions.ts'
import { getUserPermissions } from './getUserPermissions.ts'
import { getUserTransitivePermission } from './getUserTransitivePermission.ts'
import { listRepoTeamPermissions } from './listRepoTeamPermissions.ts'
import { listRepoUserPermissions } from './listRepoUserPermissions.ts'

export const permissionEndpoints = [
  listRepoUserPermissions,
  listRepoTeamPermissions,
  getUserTransitivePermission,
  getUserPermissions,
  changeUserPermissions,
  deleteUserPermissions,
  getTeamPermissions,
  changeTeamPermissions,
  deleteTeamPermissions,
] as const
