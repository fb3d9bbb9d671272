import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { deleteNamespace } from '../../../domain/namespace/deleteNamespace.ts'
import { RegistryError } from '../../../errors.ts'
import { forgetAll, onSuperuser } from '../access.ts'
import { readOrganization } from './changeOrganization.ts'

const route = createRoute({
  operationId: 'deleteOrganization',
  summary: 'Delete an organization',
  method: 'delete',
  path: '/superuser/organizations/{name}',
  ...onSuperuser('write', { along: readOrganization }),
  request: { params: z.object({ name: z.string() }) },
  responses: { 204: { description: 'Deleted' } },
})

export const deleteOrganization = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const actor = c.var.granted()
    const [[namespace]] = c.var.along
    if (!namespace) throw new RegistryError('not_found', 'no such organization')
    const origin = { actor, ip: c.var.ip, now: c.env.now() }
    await forgetAll(c.env, await deleteNamespace(c.env.store, { namespace, forced: true, ...origin }))
    return c.body(null, 204)
  },
})
