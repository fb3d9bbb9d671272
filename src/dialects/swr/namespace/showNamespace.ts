import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi'
import { RegistryError } from '../../../errors.ts'
import { namespaceSeen } from '../../../store/namespaceSummaries.ts'
import { onNamespace } from '../access.ts'
import { shownRank } from '../level.ts'
import { answer, inNamespace, namespaceParams } from '../wire.ts'
import { NamespaceView, namespaceView } from './namespaceView.ts'

const route = createRoute({
  operationId: 'showNamespace',
  summary: 'Show an organization',
  method: 'get',
  path: inNamespace,
  ...onNamespace('member', {
    scope: 'repo:read',
    along: ({ store, accountId, param }) => [namespaceSeen(store, accountId, param('namespace'))] as const,
  }),
  request: { params: namespaceParams },
  responses: answer(200, NamespaceView, 'The organization'),
})

export const showNamespace = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const { namespace, authority, along } = c.var.granted()
    const [[row]] = along
    if (!row) throw new RegistryError('namespace_unknown', `organization ${namespace.username} does not exist`)
    return c.json(namespaceView(row, shownRank(authority.namespaceRank, authority)), 200)
  },
})
