import { z } from '@hono/zod-openapi'
import type { Notice } from '../../../store/notices.ts'
import { rfc2822 } from '../dates.ts'

export const NoticeView = z
  .object({
    id: z.string(),
    organization: z.string().nullable(),
    kind: z.string(),
    created: z.string(),
    metadata: z.record(z.string(), z.unknown()),
    dismissed: z.boolean(),
  })
  .openapi('UserNotification')

export const noticeView = (notice: Notice): z.infer<typeof NoticeView> => ({
  id: notice.uuid,
  organization: notice.organization,
  kind: notice.kind,
  created: rfc2822(notice.createdAt),
  metadata: notice.metadata,
  dismissed: notice.dismissed,
})
