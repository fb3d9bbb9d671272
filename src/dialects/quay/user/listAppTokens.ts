import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { soon } from '../../../domain/token/appTokens.ts'
import { appTokensOf } from '../../../store/appTokens.ts'
import { onOwnAccount } from '../access.ts'
import type { AccountLookup } from '../admission.ts'
import { onlyWith } from '../features.ts'
import { optionalFlag } from '../validation.ts'
import { AppTokenList, appTokenView } from './appTokenView.ts'

export const AppTokenQuery = z.object({ expiring: optionalFlag('Only tokens that will end soon') })

const route = createRoute({
  operationId: 'listAppTokens',
  summary: "The user's app-specific tokens",
  method: 'get',
  path: '/user/apptoken',
  ...onOwnAccount('admin', { along: readTokens }),
  ...onlyWith('FEATURE_APP_SPECIFIC_TOKENS'),
  request: { query: AppTokenQuery },
  responses: { 200: { description: 'The tokens', content: { 'application/json': { schema: AppTokenList } } } },
})

export const listAppTokens = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const { expiring } = c.req.valid('query')
    return c.json({ tokens: c.var.along[0].map(appTokenView), only_expiring: expiring ?? null }, 200)
  },
})

function readTokens({ store, accountId, query, settings, now }: AccountLookup) {
  const { expiring } = AppTokenQuery.parse({ expiring: query('expiring') })
  return [appTokensOf(store, accountId, now, expiring ? soon(settings, now) : undefined)] as const
}
