import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { revokeAppToken as revoke } from '../../../domain/token/appTokens.ts'
import { RegistryError } from '../../../errors.ts'
import { onOwnAccount } from '../access.ts'
import { onlyWith } from '../features.ts'
import { readAppToken } from './getAppToken.ts'

const route = createRoute({
  operationId: 'revokeAppToken',
  summary: "End one of the user's tokens",
  method: 'delete',
  path: '/user/apptoken/{token_uuid}',
  ...onOwnAccount('admin', { freshly: true, along: readAppToken }),
  ...onlyWith('FEATURE_APP_SPECIFIC_TOKENS'),
  request: { params: z.object({ token_uuid: z.string() }) },
  responses: { 204: { description: 'Ended' } },
})

export const revokeAppToken = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { actor, ip, along } = c.var
    const [[token]] = along
    if (!token) throw new RegistryError('not_found', 'no such token')
    await revoke(c.env.store, { token, actor, ip, now: c.env.now() })
    return c.body(null, 204)
  },
})
