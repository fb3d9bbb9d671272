import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { retargetReads, retargetTag } from '../../../domain/tag/retargetTag.ts'
import { type Lookup, onRepository } from '../access.ts'

const route = createRoute({
  operationId: 'changeTag',
  summary: 'Point a tag at a manifest',
  method: 'put',
  path: '/repository/{repository}/tag/{tag}',
  ...onRepository('write', { mustBeWritable: true, along: readTag }),
  request: {
    params: z.object({ repository: z.string(), tag: z.string() }),
    body: {
      required: true,
      content: { 'application/json': { schema: z.object({ manifest_digest: z.string() }).openapi('ChangeTag') } },
    },
  },
  responses: { 201: { description: 'Updated', content: { 'application/json': { schema: z.literal('Updated') } } } },
})

export const changeTag = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings } = c.env
    const { namespace, repository, actor, ip, along } = c.var
    const { tag: name } = c.req.valid('param')
    const { manifest_digest: digest } = c.req.valid('json')
    const now = c.env.now()
    await retargetTag(store, { namespace, repository, name, digest, cause: 'move', actor, ip, now, settings }, along)
    return c.json('Updated' as const, 201)
  },
})

async function readTag({ store, repositoryId, namespaceId, param, body, now }: Lookup) {
  const digest = ((await body()) as { manifest_digest?: unknown } | undefined)?.manifest_digest
  return retargetReads(store, repositoryId, namespaceId, param('tag'), typeof digest === 'string' ? digest : '', now)
}
