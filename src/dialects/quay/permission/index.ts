import { changeTeamPermissions } from './changeTeamPermissions.ts'
import { changeUserPermissions } from './changeUserPermissions.ts'

export const permissionEndpoints = [changeUserPermissions, changeTeamPermissions] as const
