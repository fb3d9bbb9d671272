import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { namespacesOf } from '../../../store/namespaceSummaries.ts'
import { onAccount } from '../access.ts'
import { createNamespace } from '../namespace/createNamespace.ts'
import { listNamespaces } from '../namespace/listNamespaces.ts'
import { ListedNamespaceView, listedNamespaceView } from '../namespace/namespaceView.ts'
import { showNamespace } from '../namespace/showNamespace.ts'
import { listReposDetails } from '../repository/listReposDetails.ts'
import { answer } from '../wire.ts'

/** The same endpoint at a path of its own. */
const alias = <E extends { route: { path: string; operationId?: string } }>(endpoint: E, path: string): E => ({
  ...endpoint,
  route: { ...endpoint.route, path, operationId: `${endpoint.route.operationId}OfDockyard` },
})

const visibleRoute = createRoute({
  operationId: 'listVisibleNamespacesOfDockyard',
  summary: 'List the organizations in which the caller sees something',
  method: 'get',
  path: '/visible/namespaces',
  ...onAccount({
    scope: 'repo:read',
    along: ({ store, accountId }) => [namespacesOf(store, accountId, { visible: true })] as const,
  }),
  responses: answer(200, z.object({ namespaces: z.array(ListedNamespaceView) }), 'The organizations'),
})

const listVisibleNamespaces = defineOpenAPIRoute({
  route: visibleRoute,
  handler: (c) => c.json({ namespaces: c.var.granted().along[0].map(listedNamespaceView) }, 200),
})

/** The paths of an older version, which Harbor's adapter calls, with an access key and its secret as user and password. */
export const dockyardEndpoints = [
  listVisibleNamespaces,
  alias(listNamespaces, '/namespaces'),
  alias(createNamespace, '/namespaces'),
  alias(showNamespace, '/namespaces/{namespace}'),
  alias(listReposDetails, '/repositories'),
] as const
