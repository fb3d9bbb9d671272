import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { describeRepository } from '../../../domain/repository/changeRepository.ts'
import { onRepository } from '../access.ts'
import { Success } from './success.ts'

const route = createRoute({
  operationId: 'updateRepo',
  summary: "Change a repository's description",
  method: 'put',
  path: '/repository/{repository}',
  ...onRepository('write'),
  request: {
    params: z.object({ repository: z.string() }),
    body: {
      required: true,
      content: { 'application/json': { schema: z.object({ description: z.string() }).openapi('RepoUpdate') } },
    },
  },
  responses: { 200: { description: 'Changed', content: { 'application/json': { schema: Success } } } },
})

export const updateRepo = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { namespace, repository, actor, ip } = c.var
    const { description } = c.req.valid('json')
    await describeRepository(c.env.store, { namespace, repository, actor, ip, now: c.env.now() }, description)
    return c.json({ success: true as const }, 200)
  },
})
