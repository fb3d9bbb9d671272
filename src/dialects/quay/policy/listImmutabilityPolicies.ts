import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { namespacePath, onNamespacePolicies, onRepositoryPolicies, repositoryPath } from './onPolicies.ts'
import { PolicyList, policyView } from './policyView.ts'

const ofNamespace = createRoute({
  operationId: 'listOrgImmutabilityPolicies',
  summary: 'List the immutability policies of a namespace',
  method: 'get',
  path: namespacePath,
  ...onNamespacePolicies(true),
  request: {
    params: z.object({ orgname: z.string() }),
  },
  responses: { 200: { description: 'The policies', content: { 'application/json': { schema: PolicyList } } } },
})

export const listOrgImmutabilityPolicies = defineOpenAPIRoute({
  route: ofNamespace,
  handler: (c) => {
    c.var.granted()
    return c.json({ policies: c.var.along[0].map(policyView) }, 200)
  },
})

const ofRepository = createRoute({
  operationId: 'listRepositoryImmutabilityPolicies',
  summary: 'List the immutability policies of a repository',
  method: 'get',
  path: repositoryPath,
  ...onRepositoryPolicies(true),
  request: {
    params: z.object({ repository: z.string() }),
  },
  responses: { 200: { description: 'The policies', content: { 'application/json': { schema: PolicyList } } } },
})

export const listRepositoryImmutabilityPolicies = defineOpenAPIRoute({
  route: ofRepository,
  handler: (c) => {
    return c.json({ policies: c.var.along[0].map(policyView) }, 200)
  },
})
