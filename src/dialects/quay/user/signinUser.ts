import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { refusalTexts, signIn } from '../../../domain/token/signIn.ts'
import { inviteByCode, userForLogin } from '../../../store/namespaces.ts'
import { openToAll } from '../access.ts'
import type { AccountLookup } from '../admission.ts'
import { signInBrowser } from '../browserSession.ts'
import { internal, onlyWith } from '../features.ts'
import { Success } from '../repository/success.ts'

export const SignInRefused = z
  .object({
    needsEmailVerification: z.boolean(),
    invalidCredentials: z.boolean(),
    message: z.string().nullable(),
  })
  .openapi('SignInRefused')

const route = createRoute({
  operationId: 'signinUser',
  summary: 'Sign in with a name or an e-mail address and a password',
  method: 'post',
  path: '/signin',
  ...internal,
  ...openToAll({ always: true, along: readUser }),
  ...onlyWith('FEATURE_DIRECT_LOGIN'),
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .object({ username: z.string(), password: z.string(), invite_code: z.string().optional() })
            .openapi('SigninUser'),
        },
      },
    },
  },
  responses: {
    200: {
      description: 'Signed in: a session cookie, and its CSRF token in X-Next-CSRF-Token',
      content: { 'application/json': { schema: Success } },
    },
    403: { description: 'Refused', content: { 'application/json': { schema: SignInRefused } } },
  },
})

export const signinUser = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings } = c.env
    const { username: login, password } = c.req.valid('json')
    const [[user] = [], [invite] = []] = c.var.along
    const origin = { ip: c.var.ip, now: c.env.now(), userAgent: c.req.header('user-agent') }
    const outcome = await signIn(store, { user, login, password, settings, invite, ...origin })
    if ('refused' in outcome) {
      const { refused } = outcome
      const isUnverified = refused === 'unverified'
      const body = { needsEmailVerification: isUnverified, invalidCredentials: !isUnverified }
      return c.json({ ...body, message: refusalTexts[refused] }, 403)
    }
    await signInBrowser(c, outcome.user.uuid)
    return c.json({ success: true as const }, 200)
  },
})

async function readUser({ store, body }: AccountLookup) {
  const { username, invite_code: code } = ((await body()) ?? {}) as { username?: unknown; invite_code?: unknown }
  if (typeof username !== 'string') return [] as const
  return [userForLogin(store, username), inviteByCode(store, typeof code === 'string' ? code : '')] as const
}
