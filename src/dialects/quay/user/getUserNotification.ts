import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { RegistryError } from '../../../errors.ts'
import { dismissNotice, noticeNamed } from '../../../store/notices.ts'
import { onOwnAccount } from '../access.ts'
import type { AccountLookup } from '../admission.ts'
import { internal } from '../features.ts'
import { NoticeView, noticeView } from './noticeView.ts'

const readNotice = ({ store, accountId, param }: AccountLookup) =>
  [noticeNamed(store, accountId, param('uuid'))] as const

const getRoute = createRoute({
  operationId: 'getUserNotification',
  summary: 'One notification of the user',
  method: 'get',
  path: '/user/notifications/{uuid}',
  ...internal,
  ...onOwnAccount('admin', { along: readNotice }),
  request: { params: z.object({ uuid: z.string() }) },
  responses: { 200: { description: 'The notification', content: { 'application/json': { schema: NoticeView } } } },
})

export const getUserNotification = defineOpenAPIRoute({
  route: getRoute,
  handler: (c) => {
    const [[notice]] = c.var.along
    if (!notice) throw new RegistryError('not_found', 'no such notification')
    return c.json(noticeView(notice), 200)
  },
})

const updateRoute = createRoute({
  operationId: 'updateUserNotification',
  summary: 'Dismiss a notification, or bring it back',
  method: 'put',
  path: '/user/notifications/{uuid}',
  ...internal,
  ...onOwnAccount('admin', { along: readNotice }),
  request: {
    params: z.object({ uuid: z.string() }),
    body: {
      required: true,
      content: {
        'application/json': { schema: z.object({ dismissed: z.boolean().optional() }).openapi('UpdateNotification') },
      },
    },
  },
  responses: { 200: { description: 'The notification', content: { 'application/json': { schema: NoticeView } } } },
})

export const updateUserNotification = defineOpenAPIRoute({
  route: updateRoute,
  handler: async (c) => {
    const [[notice]] = c.var.along
    if (!notice) throw new RegistryError('not_found', 'no such notification')
    const { dismissed = false } = c.req.valid('json')
    await c.env.store.batch([dismissNotice(c.env.store, notice.uuid, dismissed)])
    return c.json(noticeView({ ...notice, dismissed }), 200)
  },
})
