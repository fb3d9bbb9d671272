import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi'
import { deleteNamespace } from '../../../domain/namespace/deleteNamespace.ts'
import { forgetAll, onOwnAccount } from '../access.ts'
import { dropSession } from '../browserSession.ts'
import { internal } from '../features.ts'

const route = createRoute({
  operationId: 'deleteCurrentUser',
  summary: "Delete one's own account",
  method: 'delete',
  path: '/user/',
  ...internal,
  ...onOwnAccount('admin', { freshly: true }),
  responses: { 204: { description: 'Deleted' } },
})

export const deleteCurrentUser = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { actor, ip } = c.var
    const gone = await deleteNamespace(c.env.store, { namespace: actor.account, actor, ip, now: c.env.now() })
    await forgetAll(c.env, gone)
    dropSession(c)
    return c.body(null, 204)
  },
})
