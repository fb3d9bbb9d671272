import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { changeRepositoryState } from '../../../domain/repository/changeRepository.ts'
import { onRepository } from '../access.ts'
import { onlyWith } from '../features.ts'
import { Success } from './success.ts'

const route = createRoute({
  operationId: 'changeRepoState',
  summary: 'Say whether a repository takes changes, and from whom',
  method: 'put',
  path: '/repository/{repository}/changestate',
  ...onlyWith('FEATURE_REPO_MIRROR'),
  ...onRepository('admin'),
  request: {
    params: z.object({ repository: z.string() }),
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.object({ state: z.enum(['NORMAL', 'READ_ONLY', 'MIRROR']) }).openapi('ChangeRepoState'),
        },
      },
    },
  },
  responses: { 200: { description: 'Changed', content: { 'application/json': { schema: Success } } } },
})

export const changeRepoState = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { namespace, repository, actor, ip } = c.var
    const { state } = c.req.valid('json')
    await changeRepositoryState(c.env.store, { namespace, repository, actor, ip, now: c.env.now() }, state)
    return c.json({ success: true as const }, 200)
  },
})
