import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { countRegistry, registrySize } from '../../../domain/registry/registrySize.ts'
import { onSuperuser } from '../access.ts'
import { internal } from '../features.ts'

const path = '/superuser/registrysize/'

export const getRegistrySize = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'getRegistrySize',
    summary: 'How much the registry holds, as it was counted last',
    method: 'get',
    path,
    ...internal,
    ...onSuperuser('read'),
    responses: {
      200: {
        description: 'The size',
        content: {
          'application/json': {
            schema: z
              .object({
                size_bytes: z.int(),
                last_ran: z.int().nullable(),
                queued: z.boolean(),
                running: z.boolean(),
              })
              .openapi('RegistrySize'),
          },
        },
      },
    },
  }),
  handler: async (c) => {
    c.var.granted()
    const { sizeBytes, countedAt, isRunning } = await registrySize(c.env)
    const last = countedAt?.getTime() ?? null
    return c.json({ size_bytes: sizeBytes, last_ran: last, queued: false, running: isRunning }, 200)
  },
})

export const queueRegistrySizeCalculation = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'queueRegistrySizeCalculation',
    summary: 'Have it counted anew',
    method: 'post',
    path,
    ...internal,
    ...onSuperuser('write'),
    responses: {
      201: { description: 'It will be', content: { 'application/json': { schema: z.literal('') } } },
      202: { description: 'It is being counted already', content: { 'application/json': { schema: z.literal('') } } },
    },
  }),
  handler: async (c) => {
    c.var.granted()
    return (await countRegistry(c.env)) ? c.json('' as const, 201) : c.json('' as const, 202)
  },
})
