import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { RegistryError } from '../../../errors.ts'
import { pulledTag } from '../../../store/pulls.ts'
import { onRepository } from '../access.ts'
import { rfc2822 } from '../dates.ts'
import { onlyWith } from '../features.ts'

const TagPulls = z
  .object({
    tag_name: z.string(),
    tag_pull_count: z.int(),
    last_tag_pull_date: z.string().nullable(),
    current_manifest_digest: z.string(),
    manifest_pull_count: z.int(),
    last_manifest_pull_date: z.string().nullable(),
  })
  .openapi('TagPullStatistics')

const route = createRoute({
  operationId: 'getTagPullStatistics',
  summary: 'How often a tag was pulled',
  method: 'get',
  path: '/repository/{repository}/tag/{tag}/pull_statistics',
  ...onlyWith('FEATURE_IMAGE_PULL_STATS'),
  ...onRepository('read', {
    along: ({ store, repositoryId, param, now }) => [pulledTag(store, repositoryId, param('tag'), now)] as const,
  }),
  request: { params: z.object({ repository: z.string(), tag: z.string() }) },
  responses: { 200: { description: 'The figures', content: { 'application/json': { schema: TagPulls } } } },
})

export const getTagPullStatistics = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const [[row]] = c.var.along
    if (!row) throw new RegistryError('tag_unknown', 'no tag of this name')
    return c.json(
      {
        tag_name: row.name,
        tag_pull_count: row.tagCount ?? 0,
        last_tag_pull_date: row.tagPulledAt && rfc2822(row.tagPulledAt),
        current_manifest_digest: row.pulledDigest ?? row.digest,
        manifest_pull_count: row.manifestCount,
        last_manifest_pull_date: row.manifestPulledAt && rfc2822(row.manifestPulledAt),
      },
      200,
    )
  },
})
