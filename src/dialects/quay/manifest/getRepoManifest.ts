import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { showManifest } from '../../../domain/manifest/showManifest.ts'
import { configKeyOf } from '../../../store/manifests.ts'
import { type Lookup, onRepository } from '../access.ts'
import { queryFlag } from '../validation.ts'
import { ManifestView, manifestView } from './manifestView.ts'
import { live, readManifest } from './onManifest.ts'

const route = createRoute({
  operationId: 'getRepoManifest',
  summary: 'Look at a manifest and its layers',
  method: 'get',
  path: '/repository/{repository}/manifest/{manifestref}',
  ...onRepository('read', { along: readAll }),
  request: {
    params: z.object({ repository: z.string(), manifestref: z.string() }),
    query: z.object({ include_modelcard: queryFlag(false, 'Also give the text of its model card, if it has one') }),
  },
  responses: { 200: { description: 'The manifest', content: { 'application/json': { schema: ManifestView } } } },
})

export const getRepoManifest = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { blobs } = c.env
    const [found, [config]] = c.var.along
    const manifest = live(found)
    return c.json(manifestView(manifest, await showManifest(blobs, manifest, config?.storageKey)), 200)
  },
})

function readAll(lookup: Lookup) {
  const { store, repositoryId, param } = lookup
  return [readManifest(lookup), configKeyOf(store, repositoryId, param('manifestref'))] as const
}
