import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi'
import { signOut } from '../../../domain/token/signOut.ts'
import { openToAll } from '../access.ts'
import { dropSession } from '../browserSession.ts'
import { internal } from '../features.ts'
import { Success } from '../repository/success.ts'

const route = createRoute({
  operationId: 'logout',
  summary: 'Sign out: ends every session of the user',
  method: 'post',
  path: '/signout',
  ...internal,
  ...openToAll({ always: true }),
  responses: {
    200: {
      description: 'Nobody is signed in now',
      content: { 'application/json': { schema: Success } },
    },
  },
})

export const logout = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { actor, ip } = c.var
    if (actor) await signOut(c.env.store, { actor, ip, now: c.env.now() })
    dropSession(c)
    return c.json({ success: true as const }, 200)
  },
})
