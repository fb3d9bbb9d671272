import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { deleteServiceKey as drop } from '../../../domain/serviceKey/serviceKeys.ts'
import { onSuperuser } from '../access.ts'
import { foundKey, readServiceKey } from './getServiceKey.ts'

const route = createRoute({
  operationId: 'deleteServiceKey',
  summary: 'Take a key away',
  method: 'delete',
  path: '/superuser/keys/{kid}',
  ...onSuperuser('write', { along: readServiceKey }),
  request: { params: z.object({ kid: z.string() }) },
  responses: { 204: { description: 'Gone' } },
})

export const deleteServiceKey = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const actor = c.var.granted()
    const { key } = foundKey(c.var.along[0])
    await drop(c.env.store, { key, actor, ip: c.var.ip, now: c.env.now() })
    return c.body(null, 204)
  },
})
