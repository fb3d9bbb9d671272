import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { convertUser } from '../../../domain/namespace/convertUser.ts'
import { RegistryError } from '../../../errors.ts'
import { userForLogin } from '../../../store/namespaces.ts'
import { forgetAll, onOwnAccount } from '../access.ts'
import type { AccountLookup } from '../admission.ts'
import { signInBrowser } from '../browserSession.ts'
import { problem, QuayError } from '../errors.ts'
import { internal } from '../features.ts'

const route = createRoute({
  operationId: 'convertUserToOrganization',
  summary: "Make one's own account an organization that somebody else administers",
  method: 'post',
  path: '/user/convert',
  ...internal,
  ...onOwnAccount('admin', { along: readAdmin }),
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .object({ adminUser: z.string(), adminPassword: z.string(), plan: z.string().optional() })
            .openapi('ConvertUser'),
        },
      },
    },
  },
  responses: {
    200: {
      description: 'The new admin is signed in',
      content: { 'application/json': { schema: z.object({ success: z.literal(true) }).openapi('Success') } },
    },
  },
})

export const convertUserToOrganization = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { actor, ip, along } = c.var
    const [[admin] = []] = along
    const { adminPassword } = c.req.valid('json')
    const converted = await convertUser(c.env.store, { actor, admin, adminPassword, ip, now: c.env.now() }).catch(
      (error: unknown) => {
        if (!(error instanceof RegistryError && error.code === 'invalid')) throw error
        throw new QuayError(400, problem(c, 'invalid_request', 400, error.message, { reason: 'invaliduser' }))
      },
    )
    await forgetAll(c.env, converted.touched)
    await signInBrowser(c, converted.admin.uuid)
    return c.json({ success: true as const }, 200)
  },
})

async function readAdmin({ store, body }: AccountLookup) {
  const login = ((await body()) as { adminUser?: unknown } | undefined)?.adminUser
  return typeof login === 'string' ? ([userForLogin(store, login)] as const) : ([] as const)
}
