import { z } from '@hono/zod-openapi'
import type { Settings } from '../../../settings.ts'
import type { SyncJobRow, SyncRow } from '../../../store/imageSyncs.ts'
import { rfc3339 } from '../dates.ts'
import { domainId } from '../hosts.ts'

const common = {
  id: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
  domainID: z.string(),
  domainName: z.string(),
  namespace: z.string(),
  repoName: z.string(),
  remoteNamespace: z.string(),
  remoteRegionId: z.string(),
  override: z.boolean(),
}
export const SyncView = z.object({ ...common, syncAuto: z.boolean() }).openapi('SwrImageSync')
export const SyncJobView = z
  .object({
    ...common,
    tag: z.string(),
    status: z.string(),
    syncOperatorId: z.string(),
    syncOperatorName: z.string(),
  })
  .openapi('SwrSyncJob')

/** The source of a copy, as it is called. */
interface Source {
  settings: Settings
  namespace: string
  repository: string
}

const commonView = (row: SyncRow | SyncJobRow, { settings, namespace, repository }: Source) => ({
  id: row.id,
  createdAt: rfc3339(row.createdAt),
  updatedAt: rfc3339(row.updatedAt),
  domainID: domainId(settings),
  domainName: settings.SWR_DOMAIN_NAME,
  namespace,
  repoName: repository,
  remoteNamespace: row.remoteNamespace,
  remoteRegionId: row.remoteRegion,
  override: row.overrides,
})

export const syncView = (row: SyncRow, source: Source): z.infer<typeof SyncView> => ({
  ...commonView(row, source),
  syncAuto: row.isAutomatic,
})

export const syncJobView = (row: SyncJobRow, source: Source): z.infer<typeof SyncJobView> => ({
  ...commonView(row, source),
  tag: row.tag,
  status: row.status,
  syncOperatorId: row.operatorSwrId ?? '',
  syncOperatorName: row.operatorName ?? '',
})
