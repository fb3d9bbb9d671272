import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { RegistryError } from '../../../errors.ts'
import { onRepository } from '../access.ts'
import { onlyWith } from '../features.ts'

const Signatures = z.object({ delegations: z.record(z.string(), z.unknown()).nullable() }).openapi('Signatures')

const route = createRoute({
  operationId: 'getRepoSignatures',
  summary: 'The trust metadata of a repository; null, for no notary is asked',
  method: 'get',
  path: '/repository/{repository}/signatures',
  ...onlyWith('FEATURE_SIGNING'),
  ...onRepository('read'),
  request: { params: z.object({ repository: z.string() }) },
  responses: { 200: { description: 'The metadata', content: { 'application/json': { schema: Signatures } } } },
})

export const getRepoSignatures = defineOpenAPIRoute({
  route,
  handler: (c) => {
    if (!c.var.repository.trustEnabled) throw new RegistryError('not_found', 'trust is not switched on')
    return c.json({ delegations: null }, 200)
  },
})
