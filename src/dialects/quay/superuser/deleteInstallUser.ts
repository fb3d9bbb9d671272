import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { isSuperuserName } from '../../../domain/actor.ts'
import { deleteNamespace } from '../../../domain/namespace/deleteNamespace.ts'
import { RegistryError } from '../../../errors.ts'
import { forgetAll, onSuperuser } from '../access.ts'
import { readUser } from './getInstallUser.ts'

const route = createRoute({
  operationId: 'deleteInstallUser',
  summary: 'Delete a user',
  method: 'delete',
  path: '/superuser/users/{username}',
  ...onSuperuser('write', { along: readUser }),
  request: { params: z.object({ username: z.string() }) },
  responses: { 204: { description: 'Deleted' } },
})

export const deleteInstallUser = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings } = c.env
    const actor = c.var.granted()
    const [[user]] = c.var.along
    if (!user) throw new RegistryError('not_found', 'no such user')
    if (isSuperuserName(user.username, settings)) throw new RegistryError('invalid', 'Cannot delete a superuser')
    const origin = { actor, ip: c.var.ip, now: c.env.now() }
    await forgetAll(c.env, await deleteNamespace(store, { namespace: user, forced: true, ...origin }))
    return c.body(null, 204)
  },
})
