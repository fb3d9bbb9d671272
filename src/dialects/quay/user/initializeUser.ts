import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { initializeFirstUser } from '../../../domain/namespace/initializeFirstUser.ts'
import { sealPassword } from '../../../domain/token/password.ts'
import { openWithoutLogin } from '../access.ts'
import { signInBrowser } from '../browserSession.ts'
import { messageError } from '../errors.ts'
import { onlyWith } from '../features.ts'

const FirstUser = z.object({
  username: z.string(),
  password: z.string(),
  email: z.string().nullish(),
  access_token: z.union([z.boolean(), z.string()]).nullish(),
})

const route = createRoute({
  operationId: 'initializeUser',
  summary: 'Create the first user of an empty installation',
  method: 'post',
  path: '/user/initialize',
  ...openWithoutLogin(),
  ...onlyWith('FEATURE_USER_INITIALIZE'),
  request: {
    // Checked in the handler: what is missing here is told as a bare message.
    body: { required: true, content: { 'application/json': { schema: z.unknown().openapi({ type: 'object' }) } } },
  },
  responses: {
    200: {
      description: 'The user, and the token if one was asked for',
      content: {
        'application/json': {
          schema: z
            .object({
              username: z.string(),
              email: z.string().nullable(),
              encrypted_password: z.string(),
              access_token: z.string().optional(),
            })
            .openapi('FirstUser'),
        },
      },
    },
  },
})

export const initializeUser = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings, vault } = c.env
    const asked = FirstUser.safeParse(c.req.valid('json'))
    if (!asked.success) {
      const name = String(asked.error.issues[0]?.path[0] ?? 'body')
      throw messageError(400, `Failed to initialize user: '${name}' is missing or not of the right type`)
    }
    const { username, password, email } = asked.data
    const wantsToken = asked.data.access_token === true || asked.data.access_token === 'true'
    const { uuid, token } = await initializeFirstUser(store, {
      username,
      password,
      email: email ?? undefined,
      wantsToken,
      settings,
      vault,
      ip: c.var.ip,
      now: c.env.now(),
    })
    await signInBrowser(c, uuid)
    const view = { username, email: email ?? null, encrypted_password: await sealPassword(vault, password) }
    return c.json({ ...view, ...(token && { access_token: token }) }, 200)
  },
})
