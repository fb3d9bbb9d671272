import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { noticesPage } from '../../../store/notices.ts'
import { onOwnAccount } from '../access.ts'
import type { AccountLookup } from '../admission.ts'
import { internal } from '../features.ts'
import { queryInteger } from '../validation.ts'
import { NoticeView, noticeView } from './noticeView.ts'

const limitMax = 100

const Query = z.object({
  page: queryInteger(0, 'The page, from 0'),
  limit: queryInteger(5, 'Notifications on a page'),
})

const route = createRoute({
  operationId: 'listUserNotifications',
  summary: 'What the user is to know, newest first',
  method: 'get',
  path: '/user/notifications',
  ...internal,
  ...onOwnAccount('admin', { along: readPage }),
  request: { query: Query },
  responses: {
    200: {
      description: 'A page of notifications that were not dismissed',
      content: {
        'application/json': {
          schema: z
            .object({ notifications: z.array(NoticeView), additional: z.boolean() })
            .openapi('UserNotifications'),
        },
      },
    },
  },
})

export const listUserNotifications = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const { along } = c.var
    const { limit } = bounds(c.req.valid('query'))
    const [rows = []] = along
    return c.json({ notifications: rows.slice(0, limit).map(noticeView), additional: rows.length > limit }, 200)
  },
})

function readPage({ store, accountId, query }: AccountLookup) {
  const asked = Query.safeParse({ page: query('page'), limit: query('limit') })
  if (!asked.success) return [] as const
  const { page, limit } = bounds(asked.data)
  return [noticesPage(store, accountId, limit, page * limit)] as const
}

const bounds = ({ page, limit }: z.output<typeof Query>) => ({
  page: Math.max(page, 0),
  limit: Math.min(Math.max(limit, 0), limitMax),
})
