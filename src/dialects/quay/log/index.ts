import { getAggregateOrgLogs } from './getAggregateOrgLogs.ts'
import { getAggregateRepoLogs } from './getAggregateRepoLogs.ts'
import { getAggregateUserLogs } from './getAggregateUserLogs.ts'
import { listOrgLogs } from './listOrgLogs.ts'
import { listRepoLogs } from './listRepoLogs.ts'
import { listUserLogs } from './listUserLogs.ts'

export const logEndpoints = [
  listRepoLogs,
  getAggregateRepoLogs,
  listOrgLogs,
  getAggregateOrgLogs,
  listUserLogs,
  getAggregateUserLogs,
] as const
