import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { splitRepositoryPath } from '../../../domain/reference.ts'
import { unstarRepository } from '../../../domain/repository/star.ts'
import { forget } from '../../../edge/lookup.ts'
import { repositoryAt } from '../../../store/stars.ts'
import { onOwnAccount } from '../access.ts'
import type { AccountLookup } from '../admission.ts'

const route = createRoute({
  operationId: 'deleteStar',
  summary: 'Take a star back',
  method: 'delete',
  path: '/user/starred/{repository}',
  ...onOwnAccount('admin', { along: readRepository }),
  request: { params: z.object({ repository: z.string() }) },
  responses: {
    200: { description: 'No such repository', content: { 'application/json': { schema: z.null() } } },
    204: { description: 'Not starred' },
  },
})

export const deleteStar = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store } = c.env
    const { actor, along } = c.var
    const [[repository] = []] = along
    if (!repository) return c.json(null, 200)
    await unstarRepository(store, actor.account.id, repository.id)
    await forget(c.env, c.req.valid('param').repository)
    return c.body(null, 204)
  },
})

function readRepository({ store, param }: AccountLookup) {
  const path = splitRepositoryPath(param('repository'))
  return path ? ([repositoryAt(store, path)] as const) : ([] as const)
}
