import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { makeClientKey } from '../../../domain/token/makeClientKey.ts'
import { onOwnAccount } from '../access.ts'
import { internal } from '../features.ts'

const route = createRoute({
  operationId: 'generateUserClientKey',
  summary: 'Encrypt the own password, for programs that have to keep it',
  method: 'post',
  path: '/user/clientkey',
  ...internal,
  ...onOwnAccount('admin'),
  request: {
    body: {
      required: true,
      content: { 'application/json': { schema: z.object({ password: z.string() }).openapi('GenerateClientKey') } },
    },
  },
  responses: {
    200: {
      description: 'What stands for the password',
      content: { 'application/json': { schema: z.object({ key: z.string() }).openapi('ClientKey') } },
    },
  },
})

export const generateUserClientKey = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, vault } = c.env
    const { actor, ip } = c.var
    const { password } = c.req.valid('json')
    return c.json({ key: await makeClientKey(store, { actor, password, vault, ip, now: c.env.now() }) }, 200)
  },
})
