import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi'
import { RegistryError } from '../../../errors.ts'
import { repositoryShown } from '../../../store/repositorySummaries.ts'
import { onRepository } from '../access.ts'
import { answer, inRepository, repositoryParams } from '../wire.ts'
import { RepositoryView, repositoryView } from './repositoryView.ts'

const route = createRoute({
  operationId: 'showRepository',
  summary: 'Show a repository',
  method: 'get',
  path: inRepository,
  ...onRepository('read', {
    along: ({ store, repositoryId, now }) => [repositoryShown(store, repositoryId, now)] as const,
  }),
  request: { params: repositoryParams },
  responses: answer(200, RepositoryView, 'The repository'),
})

export const showRepository = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const { repository, along } = c.var.granted()
    const [[row]] = along
    if (!row) throw new RegistryError('repository_unknown', `image ${repository.name} does not exist`)
    return c.json(repositoryView(row, c.env.settings, c.req.url), 200)
  },
})
