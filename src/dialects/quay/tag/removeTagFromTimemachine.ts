import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { forgetTag, forgettingReads } from '../../../domain/tag/forgetTag.ts'
import { RegistryError } from '../../../errors.ts'
import { type Lookup, onRepository } from '../access.ts'
import { onlyWith } from '../features.ts'

const ExpireTag = z
  .object({
    manifest_digest: z.string().optional().openapi({ description: 'What the tag meant' }),
    include_submanifests: z
      .boolean()
      .optional()
      .openapi({ description: 'Nothing here keeps the children of an index' }),
    is_alive: z.boolean().optional().openapi({ description: 'Take away the live tag, whatever it means' }),
  })
  .openapi('ExpireTag')

const route = createRoute({
  operationId: 'removeTagFromTimemachine',
  summary: 'Take a tag, or what it meant, out of the time machine',
  method: 'post',
  path: '/repository/{repository}/tag/{tag}/expire',
  ...onlyWith('FEATURE_PERMANENTLY_DELETE_TAGS'),
  ...onRepository('write', { along: readTag }),
  request: {
    params: z.object({ repository: z.string(), tag: z.string() }),
    body: { required: true, content: { 'application/json': { schema: ExpireTag } } },
  },
  responses: { 200: { description: 'Gone', content: { 'application/json': { schema: z.literal('') } } } },
})

export const removeTagFromTimemachine = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings } = c.env
    const { namespace, repository, actor, ip, along } = c.var
    const { tag: name } = c.req.valid('param')
    const { manifest_digest: digest, is_alive: isAlive } = c.req.valid('json')
    if (!isAlive && !digest) {
      throw new RegistryError('invalid', 'manifest_digest required when is_alive set to false')
    }
    const target = isAlive ? ('live' as const) : { digest: digest ?? '' }
    await forgetTag(store, { namespace, repository, name, target, actor, ip, now: c.env.now(), settings }, along)
    return c.json('' as const, 200)
  },
})

async function readTag({ store, repositoryId, param, body, now }: Lookup) {
  const { manifest_digest: digest, is_alive: isAlive } = ((await body()) ?? {}) as Record<string, unknown>
  const named = typeof digest === 'string' && !isAlive ? digest : undefined
  return forgettingReads(store, repositoryId, param('tag'), named, now)
}
