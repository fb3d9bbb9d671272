import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { deleteRepository as deleteWhole } from '../../../domain/repository/deleteRepository.ts'
import { onRepository } from '../access.ts'

const route = createRoute({
  operationId: 'deleteRepository',
  summary: 'Delete a repository with everything in it',
  method: 'delete',
  path: '/repository/{repository}',
  ...onRepository('admin', { mayBeMissing: true }),
  request: { params: z.object({ repository: z.string() }) },
  responses: { 204: { description: 'Deleted, or never there' } },
})

export const deleteRepository = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { namespace, actor, ip } = c.var
    const repository: typeof c.var.repository | undefined = c.var.repository
    if (repository) await deleteWhole(c.env.store, { namespace, repository, actor, ip, now: c.env.now() })
    return c.body(null, 204)
  },
})
