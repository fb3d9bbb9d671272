import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { policyOf } from '../../../domain/policy/immutabilityPolicy.ts'
import { namespacePath, onNamespacePolicies, onRepositoryPolicies, repositoryPath } from './onPolicies.ts'
import { PolicyView, policyView } from './policyView.ts'

const ofNamespace = createRoute({
  operationId: 'getOrgImmutabilityPolicy',
  summary: 'Look at an immutability policy of a namespace',
  method: 'get',
  path: `${namespacePath}{policy_uuid}`,
  ...onNamespacePolicies(true),
  request: {
    params: z.object({ orgname: z.string(), policy_uuid: z.string() }),
  },
  responses: { 200: { description: 'The policy', content: { 'application/json': { schema: PolicyView } } } },
})

export const getOrgImmutabilityPolicy = defineOpenAPIRoute({
  route: ofNamespace,
  handler: (c) => {
    c.var.granted()
    return c.json(policyView(policyOf(c.var.along[0], c.req.valid('param').policy_uuid)), 200)
  },
})

const ofRepository = createRoute({
  operationId: 'getRepositoryImmutabilityPolicy',
  summary: 'Look at an immutability policy of a repository',
  method: 'get',
  path: `${repositoryPath}{policy_uuid}`,
  ...onRepositoryPolicies(true),
  request: {
    params: z.object({ repository: z.string(), policy_uuid: z.string() }),
  },
  responses: { 200: { description: 'The policy', content: { 'application/json': { schema: PolicyView } } } },
})

export const getRepositoryImmutabilityPolicy = defineOpenAPIRoute({
  route: ofRepository,
  handler: (c) => {
    return c.json(policyView(policyOf(c.var.along[0], c.req.valid('param').policy_uuid)), 200)
  },
})
