import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { openWithoutLogin } from '../access.ts'

const Capabilities = z
  .object({
    sparse_manifests: z.object({
      supported: z.boolean(),
      required_architectures: z.array(z.string()),
      optional_architectures_allowed: z.boolean(),
    }),
    mirror_architectures: z.array(z.string()),
  })
  .openapi('RegistryCapabilities')

const mirrorArchitectures = ['amd64', 'arm64', 'ppc64le', 's390x']

const route = createRoute({
  operationId: 'getRegistryCapabilities',
  summary: 'What this registry can do that others may not',
  method: 'get',
  path: '/registry/capabilities',
  ...openWithoutLogin(),
  responses: { 200: { description: 'The capabilities', content: { 'application/json': { schema: Capabilities } } } },
})

export const getRegistryCapabilities = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const supported = c.env.settings.FEATURE_SPARSE_INDEX
    return c.json(
      {
        sparse_manifests: { supported, required_architectures: [], optional_architectures_allowed: supported },
        mirror_architectures: mirrorArchitectures,
      },
      200,
    )
  },
})
