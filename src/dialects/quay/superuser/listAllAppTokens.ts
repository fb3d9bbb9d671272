import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi'
import { hasFullAccess } from '../../../domain/actor.ts'
import { soon } from '../../../domain/token/appTokens.ts'
import { appTokensOf } from '../../../store/appTokens.ts'
import { onSuperuser, refuse } from '../access.ts'
import { AppTokenList, appTokenView } from '../user/appTokenView.ts'
import { AppTokenQuery } from '../user/listAppTokens.ts'

const route = createRoute({
  operationId: 'listAllAppTokens',
  summary: 'The app-specific tokens of all users, without their codes',
  method: 'get',
  path: '/superuser/apptokens',
  ...onSuperuser('read', { features: ['FEATURE_APP_SPECIFIC_TOKENS'] }),
  request: { query: AppTokenQuery },
  responses: { 200: { description: 'The tokens', content: { 'application/json': { schema: AppTokenList } } } },
})

export const listAllAppTokens = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings } = c.env
    const actor = c.var.granted()
    if (!actor.isReadOnlySuperuser && !hasFullAccess(actor, settings)) refuse(actor)
    const { expiring } = c.req.valid('query')
    const now = c.env.now()
    const [tokens] = await store.batch([
      appTokensOf(store, 'everybody', now, expiring ? soon(settings, now) : undefined),
    ])
    return c.json({ tokens: tokens.map(appTokenView), only_expiring: expiring ?? null }, 200)
  },
})
