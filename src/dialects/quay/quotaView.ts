import { z } from '@hono/zod-openapi'
import type { Settings } from '../../settings.ts'

/** What the views of users and organizations say of quotas, while quotas are managed. */
export const QuotaPart = {
  quotas: z.array(z.record(z.string(), z.unknown())).optional(),
  quota_report: z
    .object({
      quota_bytes: z.int(),
      configured_quota: z.int().nullable(),
      running_backfill: z.string(),
      backfill_status: z.string(),
    })
    .optional(),
}

/** Of a namespace that no quota was ever set for. */
export const quotaPart = (settings: Settings) =>
  settings.FEATURE_QUOTA_MANAGEMENT && settings.FEATURE_EDIT_QUOTA
    ? {
        quotas: [],
        quota_report: {
          quota_bytes: 0,
          configured_quota: null,
          running_backfill: 'waiting',
          backfill_status: 'waiting',
        },
      }
    : {}
