import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { retargetReads, retargetTag } from '../../../domain/tag/retargetTag.ts'
import { RegistryError } from '../../../errors.ts'
import { type Lookup, onRepository } from '../access.ts'

const route = createRoute({
  operationId: 'restoreTag',
  summary: 'Make a tag mean again what it meant before, or any other manifest that is still stored',
  method: 'post',
  path: '/repository/{repository}/tag/{tag}/restore',
  ...onRepository('write', { mustBeWritable: true, along: readTag }),
  request: {
    params: z.object({ repository: z.string(), tag: z.string() }),
    body: {
      required: true,
      content: {
        'application/json': { schema: z.object({ manifest_digest: z.string().optional() }).openapi('RestoreTag') },
      },
    },
  },
  responses: { 200: { description: 'Restored', content: { 'application/json': { schema: z.object({}) } } } },
})

export const restoreTag = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings } = c.env
    const { namespace, repository, actor, ip, along } = c.var
    const { tag: name } = c.req.valid('param')
    const { manifest_digest: digest } = c.req.valid('json')
    if (digest === undefined) throw new RegistryError('invalid', 'Missing manifest_digest')
    const now = c.env.now()
    await retargetTag(store, { namespace, repository, name, digest, cause: 'restore', actor, ip, now, settings }, along)
    return c.json({}, 200)
  },
})

async function readTag({ store, repositoryId, namespaceId, param, body, now }: Lookup) {
  const digest = ((await body()) as { manifest_digest?: unknown } | null | undefined)?.manifest_digest
  return retargetReads(store, repositoryId, namespaceId, param('tag'), typeof digest === 'string' ? digest : '', now)
}
