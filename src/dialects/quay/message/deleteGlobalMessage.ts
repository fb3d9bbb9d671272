import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { dropMessage } from '../../../store/messages.ts'
import { onSuperuser } from '../access.ts'
import { refuseByMessage } from './refuseByMessage.ts'

const route = createRoute({
  operationId: 'deleteGlobalMessage',
  summary: 'Take a message back; one that is unknown is gone already',
  method: 'delete',
  path: '/message/{uuid}',
  ...onSuperuser('write', { refused: refuseByMessage }),
  request: { params: z.object({ uuid: z.string() }) },
  responses: { 204: { description: 'Gone' } },
})

export const deleteGlobalMessage = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    c.var.granted()
    await c.env.store.batch([dropMessage(c.env.store, c.req.valid('param').uuid)])
    return c.body(null, 204)
  },
})
