import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { deleteTag, deletionReads } from '../../../domain/tag/deleteTag.ts'
import { onRepository } from '../access.ts'

const route = createRoute({
  operationId: 'deleteFullTag',
  summary: 'Delete a tag; its history stays',
  method: 'delete',
  path: '/repository/{repository}/tag/{tag}',
  ...onRepository('write', {
    mustBeWritable: true,
    along: ({ store, repositoryId, param, now }) => deletionReads(store, repositoryId, param('tag'), now),
  }),
  request: { params: z.object({ repository: z.string(), tag: z.string() }) },
  responses: { 204: { description: 'Deleted' } },
})

export const deleteFullTag = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings } = c.env
    const { namespace, repository, actor, ip, along } = c.var
    const { tag: name } = c.req.valid('param')
    await deleteTag(store, { namespace, repository, name, actor, ip, now: c.env.now(), settings }, along)
    return c.body(null, 204)
  },
})
