import { z } from '@hono/zod-openapi'
import type { Account } from '../../../domain/actor.ts'
import type { Settings } from '../../../settings.ts'
import type { ServiceKeyRow } from '../../../store/serviceKeys.ts'
import { httpDate } from '../dates.ts'
import { SuperuserUserView, superuserUserView } from './superuserViews.ts'

export const ServiceKeyView = z
  .object({
    name: z.string(),
    kid: z.string(),
    service: z.string(),
    jwk: z.record(z.string(), z.string()),
    metadata: z.record(z.string(), z.unknown()),
    created_date: z.string(),
    expiration_date: z.string().nullable(),
    rotation_duration: z.int().nullable(),
    approval: z
      .object({
        approver: z.union([SuperuserUserView, z.null()]),
        approval_type: z.string(),
        approved_date: z.string(),
        notes: z.string(),
      })
      .nullable(),
  })
  .openapi('ServiceKey')

/** A service's key: its public half, and who let it be used. */
export function serviceKeyView({ key, approver }: ServiceKeyRow, settings: Settings): z.infer<typeof ServiceKeyView> {
  return {
    name: key.name,
    kid: key.kid,
    service: key.service,
    jwk: { kid: key.kid, ...key.publicJwk },
    metadata: key.metadata,
    created_date: httpDate(key.createdAt),
    expiration_date: key.expiresAt && httpDate(key.expiresAt),
    rotation_duration: key.rotationSeconds,
    approval: key.approvedAt && {
      approver: approver && superuserUserView(approver as Account, settings),
      approval_type: `ServiceKeyApprovalType.${key.approvalType}`,
      approved_date: httpDate(key.approvedAt),
      notes: key.approvalNotes,
    },
  }
}
