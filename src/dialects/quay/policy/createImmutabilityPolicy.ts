import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { createPolicy } from '../../../domain/policy/immutabilityPolicy.ts'
import { namespacePath, onNamespacePolicies, onRepositoryPolicies, repositoryPath } from './onPolicies.ts'
import { PolicyBody, PolicyId, ruleOf } from './policyView.ts'

const ofNamespace = createRoute({
  operationId: 'createOrgImmutabilityPolicy',
  summary: 'Add an immutability policy of a namespace',
  method: 'post',
  path: namespacePath,
  ...onNamespacePolicies(),
  request: {
    params: z.object({ orgname: z.string() }),
    body: { required: true, content: { 'application/json': { schema: PolicyBody } } },
  },
  responses: { 201: { description: 'Added', content: { 'application/json': { schema: PolicyId } } } },
})

export const createOrgImmutabilityPolicy = defineOpenAPIRoute({
  route: ofNamespace,
  handler: async (c) => {
    const { namespace, actor } = c.var.granted()
    const owner = { namespace, actor, ip: c.var.ip, now: c.env.now() }
    const uuid = await createPolicy(c.env, owner, ruleOf(c.req.valid('json')), c.var.along[0])
    return c.json({ uuid }, 201)
  },
})

const ofRepository = createRoute({
  operationId: 'createRepositoryImmutabilityPolicy',
  summary: 'Add an immutability policy of a repository',
  method: 'post',
  path: repositoryPath,
  ...onRepositoryPolicies(),
  request: {
    params: z.object({ repository: z.string() }),
    body: { required: true, content: { 'application/json': { schema: PolicyBody } } },
  },
  responses: { 201: { description: 'Added', content: { 'application/json': { schema: PolicyId } } } },
})

export const createRepositoryImmutabilityPolicy = defineOpenAPIRoute({
  route: ofRepository,
  handler: async (c) => {
    const { namespace, repository, actor } = c.var
    const owner = { namespace, repository, actor, ip: c.var.ip, now: c.env.now() }
    const uuid = await createPolicy(c.env, owner, ruleOf(c.req.valid('json')), c.var.along[0])
    return c.json({ uuid }, 201)
  },
})
