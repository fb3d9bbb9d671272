import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { createAppToken as create } from '../../../domain/token/appTokens.ts'
import { onOwnAccount } from '../access.ts'
import { onlyWith } from '../features.ts'
import { AppTokenWithCode, appTokenView } from './appTokenView.ts'

const route = createRoute({
  operationId: 'createAppToken',
  summary: 'Create a token for one program of the user',
  method: 'post',
  path: '/user/apptoken',
  ...onOwnAccount('admin', { freshly: true }),
  ...onlyWith('FEATURE_APP_SPECIFIC_TOKENS'),
  request: {
    body: {
      required: true,
      content: { 'application/json': { schema: z.object({ title: z.string() }).openapi('NewToken') } },
    },
  },
  responses: {
    200: {
      description: 'The token',
      content: { 'application/json': { schema: z.object({ token: AppTokenWithCode }).openapi('CreatedAppToken') } },
    },
  },
})

export const createAppToken = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, vault, settings } = c.env
    const { actor, ip } = c.var
    const { title } = c.req.valid('json')
    const { token, code } = await create(store, { title, vault, settings, actor, ip, now: c.env.now() })
    return c.json({ token: { ...appTokenView(token), token_code: code } }, 200)
  },
})
