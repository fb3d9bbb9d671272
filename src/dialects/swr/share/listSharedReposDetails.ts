import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { sharedCount, sharedOrders, sharedWindow } from '../../../store/sharedRepositories.ts'
import { type AccountLookup, onAccount, repositoryName } from '../access.ts'
import { SwrError } from '../errors.ts'
import { contentRange, flagOf, listParameters, orderOf, windowOf } from '../filter.ts'
import { ListedRepositoryView, listedRepositoryView } from '../repository/repositoryView.ts'
import { queryText } from '../validation.ts'
import { answer } from '../wire.ts'

const keys = [
  'center',
  'namespace',
  'name',
  'domain_name',
  'status',
  'offset',
  'limit',
  'order_column',
  'order_type',
] as const

const route = createRoute({
  operationId: 'listSharedReposDetails',
  summary: 'List repositories that are shared by the caller or with it',
  method: 'get',
  path: '/shared-repositories',
  ...onAccount({ scope: 'repo:read', along: readWindow }),
  request: {
    query: z.object({
      center: queryText('`self`: shared by me; `thirdparty`: shared with me'),
      namespace: queryText("Part of the organization's name"),
      name: queryText("Part of the repository's name"),
      domain_name: queryText('The account that shares'),
      status: queryText('`true`: still valid; `false`: expired'),
      offset: queryText('Repositories to skip; only together with `limit`'),
      limit: queryText('Repositories on a page; only together with `offset`'),
      order_column: queryText(`One of ${sharedOrders.join(', ')}; only together with \`order_type\``),
      order_type: queryText('`asc` or `desc`; only together with `order_column`'),
      filter: queryText('All of these in one: `center::self|offset::0|limit::10`'),
    }),
  },
  responses: answer(200, z.array(ListedRepositoryView), 'A page of repositories; `Content-Range` says which'),
})

export const listSharedReposDetails = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const { settings } = c.env
    const { along } = c.var.granted()
    const [rows, [counted]] = along
    const total = counted?.count ?? 0
    const { window } = askedFor((name) => c.req.queries(name)?.[0], settings.SWR_LIST_MAX)
    const common = { settings, url: c.req.url, total }
    const view = rows.map((row) => listedRepositoryView(row, { ...common, status: row.isValid }))
    return c.json(view, 200, contentRange(window, rows.length, total))
  },
})

function readWindow({ store, accountId, query, now, settings }: AccountLookup) {
  const { window, domainName, ...asked } = askedFor(query, settings.SWR_LIST_MAX)
  // All accounts of a deployment are of one domain.
  const limit = domainName === undefined || domainName === settings.SWR_DOMAIN_NAME ? window.limit : 0
  const selection = { ...asked, ...window, limit }
  return [sharedWindow(store, accountId, selection, now), sharedCount(store, accountId, selection, now)] as const
}

function askedFor(query: (name: string) => string | undefined, limitMax: number) {
  const { center, namespace, name, domain_name: domainName, status, ...given } = listParameters(keys, query)
  if (center === undefined) throw new SwrError('4001014', 'center: expected self or thirdparty')
  if (center !== 'self' && center !== 'thirdparty') {
    throw new SwrError('4000014', `center: expected self or thirdparty, got ${center}`)
  }
  return {
    byMe: center === 'self',
    namespace,
    name: name && repositoryName(name),
    domainName,
    isValid: flagOf('status', status),
    window: windowOf(given, limitMax),
    order: orderOf(given, sharedOrders) ?? { column: 'updated_at' as const, descending: true },
  }
}
