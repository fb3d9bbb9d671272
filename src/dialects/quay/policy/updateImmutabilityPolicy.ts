import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { updatePolicy } from '../../../domain/policy/immutabilityPolicy.ts'
import { namespacePath, onNamespacePolicies, onRepositoryPolicies, repositoryPath } from './onPolicies.ts'
import { PolicyBody, ruleOf } from './policyView.ts'

const ofNamespace = createRoute({
  operationId: 'updateOrgImmutabilityPolicy',
  summary: 'Change an immutability policy of a namespace',
  method: 'put',
  path: `${namespacePath}{policy_uuid}`,
  ...onNamespacePolicies(),
  request: {
    params: z.object({ orgname: z.string(), policy_uuid: z.string() }),
    body: { required: true, content: { 'application/json': { schema: PolicyBody } } },
  },
  responses: { 204: { description: 'Changed' } },
})

export const updateOrgImmutabilityPolicy = defineOpenAPIRoute({
  route: ofNamespace,
  handler: async (c) => {
    const { namespace, actor } = c.var.granted()
    const owner = { namespace, actor, ip: c.var.ip, now: c.env.now() }
    const { policy_uuid: uuid } = c.req.valid('param')
    await updatePolicy(c.env, owner, uuid, ruleOf(c.req.valid('json')), c.var.along[0])
    return c.body(null, 204)
  },
})

const ofRepository = createRoute({
  operationId: 'updateRepositoryImmutabilityPolicy',
  summary: 'Change an immutability policy of a repository',
  method: 'put',
  path: `${repositoryPath}{policy_uuid}`,
  ...onRepositoryPolicies(),
  request: {
    params: z.object({ repository: z.string(), policy_uuid: z.string() }),
    body: { required: true, content: { 'application/json': { schema: PolicyBody } } },
  },
  responses: { 204: { description: 'Changed' } },
})

export const updateRepositoryImmutabilityPolicy = defineOpenAPIRoute({
  route: ofRepository,
  handler: async (c) => {
    const { namespace, repository, actor } = c.var
    const owner = { namespace, repository, actor, ip: c.var.ip, now: c.env.now() }
    const { policy_uuid: uuid } = c.req.valid('param')
    await updatePolicy(c.env, owner, uuid, ruleOf(c.req.valid('json')), c.var.along[0])
    return c.body(null, 204)
  },
})
