import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { onRepository } from '../access.ts'
import { rfc2822 } from '../dates.ts'
import { onlyWith } from '../features.ts'
import { live, readManifest } from './onManifest.ts'

const ManifestPulls = z
  .object({
    manifest_digest: z.string(),
    manifest_pull_count: z.int(),
    last_manifest_pull_date: z.string().nullable(),
  })
  .openapi('ManifestPullStatistics')

const route = createRoute({
  operationId: 'getManifestPullStatistics',
  summary: 'How often a manifest was pulled',
  method: 'get',
  path: '/repository/{repository}/manifest/{manifestref}/pull_statistics',
  ...onlyWith('FEATURE_IMAGE_PULL_STATS'),
  ...onRepository('read', { along: (lookup) => [readManifest(lookup)] as const }),
  request: { params: z.object({ repository: z.string(), manifestref: z.string() }) },
  responses: { 200: { description: 'The figures', content: { 'application/json': { schema: ManifestPulls } } } },
})

export const getManifestPullStatistics = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const { digest, pullCount, lastPulledAt } = live(c.var.along[0])
    return c.json(
      {
        manifest_digest: digest,
        manifest_pull_count: pullCount,
        last_manifest_pull_date: lastPulledAt && rfc2822(lastPulledAt),
      },
      200,
    )
  },
})
