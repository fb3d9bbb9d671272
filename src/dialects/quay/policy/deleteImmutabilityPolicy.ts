import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { deletePolicy } from '../../../domain/policy/immutabilityPolicy.ts'
import { namespacePath, onNamespacePolicies, onRepositoryPolicies, repositoryPath } from './onPolicies.ts'
import { PolicyId } from './policyView.ts'

const ofNamespace = createRoute({
  operationId: 'deleteOrgImmutabilityPolicy',
  summary: 'Take away an immutability policy of a namespace',
  method: 'delete',
  path: `${namespacePath}{policy_uuid}`,
  ...onNamespacePolicies(),
  request: {
    params: z.object({ orgname: z.string(), policy_uuid: z.string() }),
  },
  responses: { 200: { description: 'Taken away', content: { 'application/json': { schema: PolicyId } } } },
})

export const deleteOrgImmutabilityPolicy = defineOpenAPIRoute({
  route: ofNamespace,
  handler: async (c) => {
    const { namespace, actor } = c.var.granted()
    const owner = { namespace, actor, ip: c.var.ip, now: c.env.now() }
    const { policy_uuid: uuid } = c.req.valid('param')
    await deletePolicy(c.env.store, owner, uuid, c.var.along[0])
    return c.json({ uuid }, 200)
  },
})

const ofRepository = createRoute({
  operationId: 'deleteRepositoryImmutabilityPolicy',
  summary: 'Take away an immutability policy of a repository',
  method: 'delete',
  path: `${repositoryPath}{policy_uuid}`,
  ...onRepositoryPolicies(),
  request: {
    params: z.object({ repository: z.string(), policy_uuid: z.string() }),
  },
  responses: { 200: { description: 'Taken away', content: { 'application/json': { schema: PolicyId } } } },
})

export const deleteRepositoryImmutabilityPolicy = defineOpenAPIRoute({
  route: ofRepository,
  handler: async (c) => {
    const { namespace, repository, actor } = c.var
    const owner = { namespace, repository, actor, ip: c.var.ip, now: c.env.now() }
    const { policy_uuid: uuid } = c.req.valid('param')
    await deletePolicy(c.env.store, owner, uuid, c.var.along[0])
    return c.json({ uuid }, 200)
  },
})
