import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { approveServiceKey as approve } from '../../../domain/serviceKey/serviceKeys.ts'
import { onSuperuser } from '../access.ts'
import { foundKey, readServiceKey } from './getServiceKey.ts'

const route = createRoute({
  operationId: 'approveServiceKey',
  summary: 'Let a key be used',
  method: 'post',
  path: '/superuser/approvedkeys/{kid}',
  ...onSuperuser('write', { along: readServiceKey }),
  request: {
    params: z.object({ kid: z.string() }),
    body: {
      required: true,
      content: {
        'application/json': { schema: z.object({ notes: z.string().optional() }).openapi('ApproveServiceKey') },
      },
    },
  },
  responses: { 201: { description: 'Approved, now or before' } },
})

export const approveServiceKey = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const actor = c.var.granted()
    const { key } = foundKey(c.var.along[0])
    const { notes = '' } = c.req.valid('json')
    await approve(c.env.store, { key, notes, actor, ip: c.var.ip, now: c.env.now() })
    return c.body(null, 201)
  },
})
