import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { showRepository } from '../../../domain/repository/changeRepository.ts'
import { onRepository } from '../access.ts'
import { Success } from './success.ts'

const route = createRoute({
  operationId: 'changeRepoVisibility',
  summary: 'Show a repository to everybody, or hide it',
  method: 'post',
  path: '/repository/{repository}/changevisibility',
  ...onRepository('admin'),
  request: {
    params: z.object({ repository: z.string() }),
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.object({ visibility: z.enum(['public', 'private']) }).openapi('ChangeVisibility'),
        },
      },
    },
  },
  responses: { 200: { description: 'Changed', content: { 'application/json': { schema: Success } } } },
})

export const changeRepoVisibility = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { namespace, repository, actor, ip } = c.var
    const { visibility } = c.req.valid('json')
    await showRepository(c.env.store, { namespace, repository, actor, ip, now: c.env.now() }, visibility === 'public')
    return c.json({ success: true as const }, 200)
  },
})
