import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { refusalTexts, signIn } from '../../../domain/token/signIn.ts'
import { onOwnAccount } from '../access.ts'
import { signInBrowser } from '../browserSession.ts'
import { internal } from '../features.ts'

const route = createRoute({
  operationId: 'verifyUser',
  summary: 'Give the password again: for what wants a fresh login',
  method: 'post',
  path: '/signin/verify',
  ...internal,
  ...onOwnAccount('admin', { always: true }),
  request: {
    body: {
      required: true,
      content: { 'application/json': { schema: z.object({ password: z.string() }).openapi('VerifyUser') } },
    },
  },
  responses: {
    200: {
      description: 'The login is fresh',
      content: { 'application/json': { schema: z.object({ success: z.literal(true) }).openapi('Success') } },
    },
    403: {
      description: 'A wrong password',
      content: {
        'application/json': {
          schema: z.object({ message: z.string().nullable(), invalidCredentials: z.boolean() }).openapi('NotVerified'),
        },
      },
    },
  },
})

export const verifyUser = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings } = c.env
    const { account } = c.var.actor
    const { password } = c.req.valid('json')
    const origin = { ip: c.var.ip, now: c.env.now(), userAgent: c.req.header('user-agent') }
    const outcome = await signIn(store, { user: account, login: account.username, password, settings, ...origin })
    if ('refused' in outcome) return c.json({ message: refusalTexts[outcome.refused], invalidCredentials: true }, 403)
    await signInBrowser(c, account.uuid)
    return c.json({ success: true as const }, 200)
  },
})
