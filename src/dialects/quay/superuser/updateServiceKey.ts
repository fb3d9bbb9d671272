import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { updateServiceKey as update } from '../../../domain/serviceKey/serviceKeys.ts'
import { onSuperuser } from '../access.ts'
import { parseEpoch } from './createServiceKey.ts'
import { foundKey, readServiceKey } from './getServiceKey.ts'
import { ServiceKeyView, serviceKeyView } from './serviceKeyView.ts'

const route = createRoute({
  operationId: 'updateServiceKey',
  summary: "Change a key's name, what is noted of it, or its end",
  method: 'put',
  path: '/superuser/keys/{kid}',
  ...onSuperuser('write', { along: readServiceKey }),
  request: {
    params: z.object({ kid: z.string() }),
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .object({
              name: z.string().optional(),
              metadata: z.record(z.string(), z.unknown()).optional(),
              expiration: z.number().nullable().optional(),
            })
            .openapi('PutServiceKey'),
        },
      },
    },
  },
  responses: { 200: { description: 'The key', content: { 'application/json': { schema: ServiceKeyView } } } },
})

export const updateServiceKey = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const actor = c.var.granted()
    const row = foundKey(c.var.along[0])
    const { name, metadata, expiration } = c.req.valid('json')
    const expiresAt = expiration === undefined ? undefined : parseEpoch(expiration)
    const origin = { actor, ip: c.var.ip, now: c.env.now() }
    const key = await update(c.env.store, { key: row.key, name, metadata, expiresAt, ...origin })
    return c.json(serviceKeyView({ ...row, key }, c.env.settings), 200)
  },
})
