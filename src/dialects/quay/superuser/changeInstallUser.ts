import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { administerUser } from '../../../domain/namespace/administerUser.ts'
import { sealPassword } from '../../../domain/token/password.ts'
import { RegistryError } from '../../../errors.ts'
import { onSuperuser } from '../access.ts'
import { readUser } from './getInstallUser.ts'
import { SuperuserUserView, superuserUserView } from './superuserViews.ts'

const route = createRoute({
  operationId: 'changeInstallUser',
  summary: "Change a user's password or address, or shut them out",
  method: 'put',
  path: '/superuser/users/{username}',
  ...onSuperuser('write', { along: readUser }),
  request: {
    params: z.object({ username: z.string() }),
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .object({
              password: z.string().optional(),
              email: z.string().optional(),
              enabled: z.boolean().optional(),
              superuser: z.boolean().optional().openapi({ description: 'Has no effect: SUPER_USERS names them' }),
            })
            .openapi('UpdateInstallUser'),
        },
      },
    },
  },
  responses: {
    200: {
      description: 'The user as it was, but for its e-mail address',
      content: {
        'application/json': { schema: SuperuserUserView.extend({ encrypted_password: z.string().optional() }) },
      },
    },
  },
})

export const changeInstallUser = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings, vault } = c.env
    const actor = c.var.granted()
    const [[user]] = c.var.along
    if (!user) throw new RegistryError('not_found', 'no such user')
    const { password, email, enabled } = c.req.valid('json')
    await administerUser(store, { user, password, email, enabled, settings, actor, ip: c.var.ip, now: c.env.now() })
    const encrypted = password !== undefined && { encrypted_password: await sealPassword(vault, password) }
    return c.json({ ...superuserUserView(user, settings), ...(email !== undefined && { email }), ...encrypted }, 200)
  },
})
