import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { trustRepository } from '../../../domain/repository/changeRepository.ts'
import { onRepository } from '../access.ts'
import { onlyWith } from '../features.ts'
import { Success } from './success.ts'

const route = createRoute({
  operationId: 'changeRepoTrust',
  summary: 'Switch trust on or off for a repository',
  method: 'post',
  path: '/repository/{repository}/changetrust',
  ...onlyWith('FEATURE_SIGNING'),
  ...onRepository('admin'),
  request: {
    params: z.object({ repository: z.string() }),
    body: {
      required: true,
      content: { 'application/json': { schema: z.object({ trust_enabled: z.boolean() }).openapi('ChangeRepoTrust') } },
    },
  },
  responses: { 200: { description: 'Changed', content: { 'application/json': { schema: Success } } } },
})

export const changeRepoTrust = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { namespace, repository, actor, ip } = c.var
    const { trust_enabled: isTrusted } = c.req.valid('json')
    await trustRepository(c.env.store, { namespace, repository, actor, ip, now: c.env.now() }, isTrusted)
    return c.json({ success: true as const }, 200)
  },
})
