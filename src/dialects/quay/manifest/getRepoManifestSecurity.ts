import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { RegistryError } from '../../../errors.ts'
import { onRepository } from '../access.ts'
import { onlyWith } from '../features.ts'
import { queryFlag } from '../validation.ts'
import { readManifest } from './onManifest.ts'

const SecurityReport = z
  .object({
    status: z.enum(['scanned', 'failed', 'queued', 'unsupported', 'manifest_layer_too_large']),
    data: z.record(z.string(), z.unknown()).nullable(),
  })
  .openapi('SecurityReport')

const route = createRoute({
  operationId: 'getRepoManifestSecurity',
  summary: 'What a scanner found in a manifest: queued, as long as no scanner works here',
  method: 'get',
  path: '/repository/{repository}/manifest/{manifestref}/security',
  ...onlyWith('FEATURE_SECURITY_SCANNER'),
  ...onRepository('read', { acceptsBasic: true, along: (lookup) => [readManifest(lookup)] as const }),
  request: {
    params: z.object({ repository: z.string(), manifestref: z.string() }),
    query: z.object({ vulnerabilities: queryFlag(false, 'Has no effect') }),
  },
  responses: { 200: { description: 'The report', content: { 'application/json': { schema: SecurityReport } } } },
})

export const getRepoManifestSecurity = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const [[manifest]] = c.var.along
    if (!manifest) throw new RegistryError('manifest_unknown', 'no manifest of this digest')
    return c.json({ status: 'queued' as const, data: null }, 200)
  },
})
