import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { codeOf } from '../../../domain/token/appTokens.ts'
import { RegistryError } from '../../../errors.ts'
import { appTokenNamed, isUnexpired } from '../../../store/appTokens.ts'
import { onOwnAccount } from '../access.ts'
import type { AccountLookup } from '../admission.ts'
import { onlyWith } from '../features.ts'
import { AppTokenWithCode, appTokenView } from './appTokenView.ts'

const route = createRoute({
  operationId: 'getAppToken',
  summary: "One of the user's tokens, with its code",
  method: 'get',
  path: '/user/apptoken/{token_uuid}',
  ...onOwnAccount('admin', { freshly: true, along: readAppToken }),
  ...onlyWith('FEATURE_APP_SPECIFIC_TOKENS'),
  request: { params: z.object({ token_uuid: z.string() }) },
  responses: {
    200: {
      description: 'The token',
      content: { 'application/json': { schema: z.object({ token: AppTokenWithCode }).openapi('CreatedAppToken') } },
    },
  },
})

export const getAppToken = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const [[token]] = c.var.along
    if (!token || !isUnexpired(token, c.env.now())) throw new RegistryError('not_found', 'no such token')
    return c.json({ token: { ...appTokenView(token), token_code: await codeOf(token, c.env.vault) } }, 200)
  },
})

export function readAppToken({ store, accountId, param }: AccountLookup) {
  return [appTokenNamed(store, accountId, param('token_uuid'))] as const
}
