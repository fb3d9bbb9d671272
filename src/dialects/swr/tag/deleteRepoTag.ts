import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi'
import { deleteTag, deletionReads } from '../../../domain/tag/deleteTag.ts'
import { onRepository } from '../access.ts'
import { gone, inRepository, repositoryParamsWith } from '../wire.ts'

/** SWR's own rule: Quay asks for `write` only. */
const roleToDelete = 'admin'

const route = createRoute({
  operationId: 'deleteRepoTag',
  summary: 'Delete a tag; others that mean the same stay',
  method: 'delete',
  path: `${inRepository}/tags/{tag}`,
  ...onRepository(roleToDelete, {
    scope: 'repo:write',
    along: ({ store, repositoryId, param, now }) => deletionReads(store, repositoryId, param('tag'), now),
  }),
  request: { params: repositoryParamsWith('tag') },
  responses: gone,
})

export const deleteRepoTag = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings } = c.env
    const { actor, namespace, repository, along } = c.var.granted()
    const { tag: name } = c.req.valid('param')
    await deleteTag(store, { namespace, repository, name, settings, actor, ip: c.var.ip, now: c.env.now() }, along)
    return c.body(null, 204)
  },
})
