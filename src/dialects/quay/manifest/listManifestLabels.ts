import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { labelsOf } from '../../../store/labels.ts'
import { type Lookup, onRepository } from '../access.ts'
import { queryText } from '../validation.ts'
import { LabelView, labelView } from './labelView.ts'
import { live, readManifest } from './onManifest.ts'

const route = createRoute({
  operationId: 'listManifestLabels',
  summary: "List a manifest's labels",
  method: 'get',
  path: '/repository/{repository}/manifest/{manifestref}/labels',
  ...onRepository('read', { along: readLabels }),
  request: {
    params: z.object({ repository: z.string(), manifestref: z.string() }),
    query: z.object({ filter: queryText('Only labels whose key begins so') }),
  },
  responses: {
    200: {
      description: 'The labels, in the order in which they came',
      content: { 'application/json': { schema: z.object({ labels: z.array(LabelView) }).openapi('LabelList') } },
    },
  },
})

export const listManifestLabels = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const [found, labels] = c.var.along
    live(found)
    return c.json({ labels: labels.map(labelView) }, 200)
  },
})

function readLabels(lookup: Lookup) {
  const { store, repositoryId, param, query } = lookup
  return [readManifest(lookup), labelsOf(store, repositoryId, param('manifestref'), query('filter'))] as const
}
