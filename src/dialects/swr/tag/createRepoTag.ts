import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { isTagName } from '../../../domain/reference.ts'
import { retargetReads, retargetTag } from '../../../domain/tag/retargetTag.ts'
import { RegistryError } from '../../../errors.ts'
import { digestOfTag } from '../../../store/tags.ts'
import { type Lookup, onRepository } from '../access.ts'
import { withCode } from '../validation.ts'
import { done, inRepository, jsonBody, repositoryParams } from '../wire.ts'

const TagName = z.string().refine(isTagName, withCode('4009021', 'not a valid tag name'))
const Retagging = z
  .object({ source_tag: TagName, destination_tag: TagName, override: z.boolean().default(false) })
  .openapi('SwrRetagging')

const route = createRoute({
  operationId: 'createRepoTag',
  summary: 'Give what a tag means another name',
  method: 'post',
  path: `${inRepository}/tags`,
  ...onRepository('write', { along: readTags }),
  request: { params: repositoryParams, body: jsonBody(Retagging) },
  responses: done(201),
})

export const createRepoTag = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings } = c.env
    const { source_tag: source, destination_tag: name, override } = c.req.valid('json')
    const { actor, namespace, repository, along } = c.var.granted()
    const { digest } = along[2][0] ?? {}
    if (!digest) throw new RegistryError('tag_unknown', `tag ${source} does not exist`)
    const origin = { actor, ip: c.var.ip, now: c.env.now() }
    const target = { namespace, repository, name, digest, settings, cause: 'move' as const, mustBeNew: !override }
    await retargetTag(store, { ...target, ...origin }, along)
    return c.json({}, 201)
  },
})

async function readTags({ store, repositoryId, namespaceId, body, now }: Lookup) {
  const asked = Retagging.partial().safeParse(await body())
  const { source_tag: source = '', destination_tag: name = '' } = asked.data ?? {}
  return retargetReads(store, repositoryId, namespaceId, name, digestOfTag(repositoryId, source, now), now)
}
