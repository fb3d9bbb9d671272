import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi'
import { deleteNamespace } from '../../../domain/namespace/deleteNamespace.ts'
import { RegistryError } from '../../../errors.ts'
import { namespaceSeen } from '../../../store/namespaceSummaries.ts'
import { onNamespace } from '../access.ts'
import { SwrError } from '../errors.ts'
import { gone, inNamespace, namespaceParams } from '../wire.ts'

const route = createRoute({
  operationId: 'deleteNamespaces',
  summary: 'Delete an organization that holds no images',
  method: 'delete',
  path: inNamespace,
  ...onNamespace('admin', {
    scope: 'org:admin',
    along: ({ store, accountId, param }) => [namespaceSeen(store, accountId, param('namespace'))] as const,
  }),
  request: { params: namespaceParams },
  responses: gone,
})

export const deleteNamespaces = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { actor, namespace, along } = c.var.granted()
    if (namespace.kind !== 'organization') throw new RegistryError('denied', "a user's own namespace stays")
    if ((along[0][0]?.repositoryCount ?? 0) > 0) throw new SwrError('4060074')
    const origin = { actor, ip: c.var.ip, now: c.env.now() }
    await deleteNamespace(c.env.store, { namespace, mustBeEmpty: true, ...origin })
    return c.body(null, 204)
  },
})
