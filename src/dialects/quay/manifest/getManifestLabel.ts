import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { RegistryError } from '../../../errors.ts'
import { labelOf } from '../../../store/labels.ts'
import { type Lookup, onRepository } from '../access.ts'
import { LabelView, labelView } from './labelView.ts'
import { live, readManifest } from './onManifest.ts'

const route = createRoute({
  operationId: 'getManifestLabel',
  summary: 'Look at a label of a manifest',
  method: 'get',
  path: '/repository/{repository}/manifest/{manifestref}/labels/{labelid}',
  ...onRepository('read', { along: readLabel }),
  request: { params: z.object({ repository: z.string(), manifestref: z.string(), labelid: z.string() }) },
  responses: { 200: { description: 'The label', content: { 'application/json': { schema: LabelView } } } },
})

export const getManifestLabel = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const [found, [label]] = c.var.along
    live(found)
    if (!label) throw new RegistryError('not_found', 'the manifest has no label of this id')
    return c.json(labelView(label), 200)
  },
})

/** A manifest, and the label of it that the path names. */
export function readLabel(lookup: Lookup) {
  const { store, repositoryId, param } = lookup
  return [readManifest(lookup), labelOf(store, repositoryId, param('manifestref'), param('labelid'))] as const
}
