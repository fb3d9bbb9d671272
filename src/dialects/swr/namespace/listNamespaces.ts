import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { namespacesOf } from '../../../store/namespaceSummaries.ts'
import { type AccountLookup, onAccount } from '../access.ts'
import { SwrError } from '../errors.ts'
import { listParameters } from '../filter.ts'
import { queryText } from '../validation.ts'
import { answer } from '../wire.ts'
import { ListedNamespaceView, listedNamespaceView } from './namespaceView.ts'

const route = createRoute({
  operationId: 'listNamespaces',
  path: '/namespaces',
  summary: 'List the organizations that the caller belongs to',
  method: 'get',
  ...onAccount({ scope: 'repo:read', along: readNamespaces }),
  request: {
    query: z.object({
      namespace: queryText('Only the organization of exactly this name'),
      filter: queryText('`namespace::{name}|mode::visible`; `visible` adds those where the caller sees an image only'),
    }),
  },
  responses: answer(200, z.object({ namespaces: z.array(ListedNamespaceView) }), 'The organizations'),
})

export const listNamespaces = defineOpenAPIRoute({
  route,
  handler: (c) => c.json({ namespaces: c.var.granted().along[0].map(listedNamespaceView) }, 200),
})

function readNamespaces({ store, accountId, query }: AccountLookup) {
  const { namespace: name, mode } = listParameters(['namespace', 'mode'], query)
  if (mode !== undefined && mode !== 'visible') throw new SwrError('4000014', `mode: expected visible, got ${mode}`)
  return [namespacesOf(store, accountId, { name, visible: mode === 'visible' })] as const
}
