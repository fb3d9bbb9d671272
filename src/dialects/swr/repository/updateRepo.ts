import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { editRepository } from '../../../domain/repository/changeRepository.ts'
import { RegistryError } from '../../../errors.ts'
import { onRepository, requireScope } from '../access.ts'
import { done, inRepository, jsonBody, repositoryParams } from '../wire.ts'
import { Category } from './category.ts'
import { Description } from './description.ts'

const route = createRoute({
  operationId: 'updateSwrRepo',
  summary: "Change a repository's visibility, category or description",
  method: 'patch',
  path: inRepository,
  ...onRepository('write'),
  request: {
    params: repositoryParams,
    body: jsonBody(
      z
        .object({ is_public: z.boolean(), category: Category.optional(), description: Description.optional() })
        .openapi('SwrRepositoryChange'),
    ),
  },
  responses: done(201),
})

export const updateRepo = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { is_public: isPublic, category, description } = c.req.valid('json')
    const { actor, namespace, repository, authority } = c.var.granted()
    if (isPublic !== repository.isPublic) {
      requireScope(actor, 'repo:admin')
      if (authority.repositoryRank < 3) {
        throw new RegistryError('denied', 'only who manages an image makes it public or private')
      }
    }
    const target = { namespace, repository, actor, ip: c.var.ip, now: c.env.now() }
    await editRepository(c.env.store, target, { isPublic, category, description })
    return c.json({}, 201)
  },
})
