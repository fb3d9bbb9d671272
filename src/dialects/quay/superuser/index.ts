import { approveServiceKey } from './approveServiceKey.ts'
import {
  getRepoBuildLogsArchiveSuperUser,
  getRepoBuildLogsSuperUser,
  getRepoBuildStatusSuperUser,
  getRepoBuildSuperUser,
} from './builds.ts'
import { changeInstallUser } from './changeInstallUser.ts'
import { changeOrganization } from './changeOrganization.ts'
import { createInstallUser } from './createInstallUser.ts'
import { createServiceKey } from './createServiceKey.ts'
import { deleteInstallUser } from './deleteInstallUser.ts'
import { deleteOrganization } from './deleteOrganization.ts'
import { deleteServiceKey } from './deleteServiceKey.ts'
import { getChangeLog } from './getChangeLog.ts'
import { getConfig } from './getConfig.ts'
import { getInstallUser } from './getInstallUser.ts'
import { getRegistrySize, queueRegistrySizeCalculation } from './getRegistrySize.ts'
import { getServiceKey } from './getServiceKey.ts'
import { listAllAggregateLogs } from './listAllAggregateLogs.ts'
import { listAllAppTokens } from './listAllAppTokens.ts'
import { listAllLogs } from './listAllLogs.ts'
import { listAllOrganizations } from './listAllOrganizations.ts'
import { listAllUsers } from './listAllUsers.ts'
import { listServiceKeys } from './listServiceKeys.ts'
import { sendInstallUserRecoveryEmail } from './sendInstallUserRecoveryEmail.ts'
import { takeOwnership } from './takeOwnership.ts'
import { updateServiceKey } from './updateServiceKey.ts'

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
  sendInstallUserRecoveryEmail,
  takeOwnership,
  approveServiceKey,
  createServiceKey,
  deleteServiceKey,
  getChangeLog,
  getConfig,
  getServiceKey,
  listAllAggregateLogs,
  listAllLogs,
  listServiceKeys,
  updateServiceKey,
  getRegistrySize,
  queueRegistrySizeCalculation,
  // Last: `{build_uuid}` stands where the others have words.
  getRepoBuildLogsArchiveSuperUser,
  getRepoBuildLogsSuperUser,
  getRepoBuildStatusSuperUser,
  getRepoBuildSuperUser,
] as const
