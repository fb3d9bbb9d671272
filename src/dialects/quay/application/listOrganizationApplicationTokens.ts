import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { applicationIdIn, applicationIn, tokensPage } from '../../../store/applications.ts'
import { type NamespaceLookup, onNamespace } from '../access.ts'
import { pagePosition, pageToken } from '../paging.ts'
import { queryText } from '../validation.ts'
import { ApiTokenView, apiTokenView } from './apiTokenView.ts'
import { found } from './getOrganizationApplication.ts'

const pageSize = 50
const Position = z.object({ tokensBefore: z.int() })

const route = createRoute({
  operationId: 'listOrganizationApplicationTokens',
  summary: 'The tokens of an application that have not run out, newest first',
  method: 'get',
  path: '/organization/{orgname}/applications/{client_id}/tokens',
  ...onNamespace('admin', { readOnlySuperuserMayLook: true, along: readPage }),
  request: {
    params: z.object({ orgname: z.string(), client_id: z.string() }),
    query: z.object({ next_page: queryText('Where the list goes on') }),
  },
  responses: {
    200: {
      description: 'A page of tokens; what they are called by, never what they are',
      content: {
        'application/json': {
          schema: z
            .object({ tokens: z.array(ApiTokenView), next_page: z.string().optional() })
            .openapi('ApplicationTokens'),
        },
      },
    },
  },
})

export const listOrganizationApplicationTokens = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    c.var.granted()
    const [applications, rows] = c.var.along
    found(applications)
    const shown = rows.slice(0, pageSize)
    const tokens = shown.map(apiTokenView)
    if (rows.length === shown.length) return c.json({ tokens }, 200)
    const position = { tokensBefore: shown.at(-1)?.id }
    return c.json({ tokens, next_page: await pageToken({ vault: c.env.vault, now: c.env.now() }, position) }, 200)
  },
})

async function readPage(lookup: NamespaceLookup) {
  const { store, namespaceId, param, query, now } = lookup
  const beforeId = (await pagePosition(lookup, query('next_page'), Position))?.tokensBefore
  const clientId = param('client_id')
  return [
    applicationIn(store, namespaceId, clientId),
    tokensPage(store, applicationIdIn(namespaceId, clientId), { now, beforeId, limit: pageSize }),
  ] as const
}
