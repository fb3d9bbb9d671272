import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi'
import { deleteRepository } from '../../../domain/repository/deleteRepository.ts'
import { onRepository } from '../access.ts'
import { gone, inRepository, repositoryParams } from '../wire.ts'

const route = createRoute({
  operationId: 'deleteRepo',
  summary: 'Delete a repository with all its tags',
  method: 'delete',
  path: inRepository,
  ...onRepository('admin'),
  request: { params: repositoryParams },
  responses: gone,
})

export const deleteRepo = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { actor, namespace, repository } = c.var.granted()
    await deleteRepository(c.env.store, { namespace, repository, actor, ip: c.var.ip, now: c.env.now() })
    return c.body(null, 204)
  },
})
