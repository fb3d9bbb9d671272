import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { isTagName, tagNameProblem } from '../../../domain/reference.ts'
import { changeTag as change } from '../../../domain/tag/changeTag.ts'
import { retargetReads } from '../../../domain/tag/retargetTag.ts'
import { type Lookup, onRepository } from '../access.ts'

const ChangeTag = z
  .object({
    manifest_digest: z.string().nullable().optional().openapi({ description: 'What the tag is to mean' }),
    expiration: z
      .number()
      .nullable()
      .optional()
      .openapi({ description: 'When it ends, in epoch seconds; null: never' }),
    immutable: z.boolean().optional().openapi({ description: 'Whether it can be neither moved nor deleted' }),
  })
  .openapi('ChangeTag')

const route = createRoute({
  operationId: 'changeTag',
  summary: 'Create or move a tag, set its expiration or its immutability',
  method: 'put',
  path: '/repository/{repository}/tag/{tag}',
  ...onRepository('write', { mustBeWritable: true, along: readTag }),
  request: {
    // Quay looks at the name before it looks for the repository.
    params: z.object({ repository: z.string(), tag: z.string().refine(isTagName, tagNameProblem) }),
    body: { required: true, content: { 'application/json': { schema: ChangeTag } } },
  },
  responses: { 201: { description: 'Updated', content: { 'application/json': { schema: z.literal('Updated') } } } },
})

export const changeTag = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings } = c.env
    const { namespace, repository, authority, actor, ip, along } = c.var
    const { tag: name } = c.req.valid('param')
    const { manifest_digest: digest, expiration, immutable } = c.req.valid('json')
    const wanted = { name, digest, expiration, immutable, mayRelease: authority.repositoryRank >= 3 }
    await change(store, { namespace, repository, actor, ip, now: c.env.now(), settings, ...wanted }, along)
    return c.json('Updated' as const, 201)
  },
})

async function readTag({ store, repositoryId, namespaceId, param, body, now }: Lookup) {
  const digest = ((await body()) as { manifest_digest?: unknown } | null | undefined)?.manifest_digest
  return retargetReads(store, repositoryId, namespaceId, param('tag'), typeof digest === 'string' ? digest : '', now)
}
