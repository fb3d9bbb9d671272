import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { createUser } from '../../../domain/namespace/createUser.ts'
import { sealPassword } from '../../../domain/token/password.ts'
import { randomText } from '../../../domain/token/secret.ts'
import { onSuperuser } from '../access.ts'
import { inMessageForm } from '../errors.ts'
import { postOf, sendQueuedMail } from '../post.ts'

const route = createRoute({
  operationId: 'createInstallUser',
  summary: 'Create a user with a password that is shown once',
  method: 'post',
  path: '/superuser/users/',
  ...onSuperuser('write'),
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.object({ username: z.string(), email: z.string().optional() }).openapi('CreateInstallUser'),
        },
      },
    },
  },
  responses: {
    200: {
      description: 'The user and its password',
      content: {
        'application/json': {
          schema: z
            .object({
              username: z.string(),
              email: z.string().nullable(),
              password: z.string(),
              encrypted_password: z.string(),
            })
            .openapi('CreatedInstallUser'),
        },
      },
    },
  },
})

const passwordLength = 32

export const createInstallUser = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings, vault } = c.env
    const actor = c.var.granted()
    const { username, email } = c.req.valid('json')
    const password = randomText(passwordLength)
    await createUser(store, {
      username,
      email,
      password,
      settings,
      post: postOf(c),
      metadata: { superuser: actor.account.username },
      actor,
      ip: c.var.ip,
      now: c.env.now(),
    }).catch(inMessageForm)
    sendQueuedMail(c)
    const encrypted = await sealPassword(vault, password)
    return c.json({ username, email: email ?? null, password, encrypted_password: encrypted }, 200)
  },
})
