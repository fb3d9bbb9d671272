import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { createServiceKey as create } from '../../../domain/serviceKey/serviceKeys.ts'
import { RegistryError } from '../../../errors.ts'
import { onSuperuser } from '../access.ts'

const route = createRoute({
  operationId: 'createServiceKey',
  summary: 'Make a key for a service',
  method: 'post',
  path: '/superuser/keys',
  ...onSuperuser('write'),
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .object({
              service: z.string(),
              expiration: z.number().nullable(),
              name: z.string().optional(),
              metadata: z.record(z.string(), z.unknown()).optional(),
              notes: z.string().optional(),
            })
            .openapi('CreateServiceKey'),
        },
      },
    },
  },
  responses: {
    200: {
      description: 'The key; its private half is shown this once',
      content: {
        'application/json': {
          schema: z
            .object({
              kid: z.string(),
              name: z.string(),
              service: z.string(),
              public_key: z.string(),
              private_key: z.string(),
            })
            .openapi('CreatedServiceKey'),
        },
      },
    },
  },
})

export const createServiceKey = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const actor = c.var.granted()
    const { service, expiration, name = '', metadata = {}, notes = '' } = c.req.valid('json')
    const origin = { actor, ip: c.var.ip, now: c.env.now() }
    const wanted = { service, name, expiresAt: parseEpoch(expiration), metadata, notes, ...origin }
    const { kid, publicKey, privateKey } = await create(c.env.store, wanted)
    return c.json({ kid, name, service, public_key: publicKey, private_key: privateKey }, 200)
  },
})

/** An instant out of seconds since 1970. @throws for one that no calendar has */
export function parseEpoch(seconds: number | null): Date | null {
  if (seconds === null) return null
  const at = new Date(seconds * 1000)
  if (Number.isNaN(at.getTime())) throw new RegistryError('invalid', `Invalid expiration date: ${seconds}`)
  return at
}
