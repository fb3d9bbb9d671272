import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { repositoryCount, repositoryOrders, repositoryWindow } from '../../../store/repositorySummaries.ts'
import { type AccountLookup, onAccount, repositoryName } from '../access.ts'
import { SwrError } from '../errors.ts'
import { contentRange, flagOf, listParameters, orderOf, windowOf } from '../filter.ts'
import { queryText } from '../validation.ts'
import { answer } from '../wire.ts'
import { categories } from './category.ts'
import { ListedRepositoryView, listedRepositoryView } from './repositoryView.ts'

const plain = ['namespace', 'name', 'category', 'is_public', 'limit', 'offset', 'order_column', 'order_type'] as const

const route = createRoute({
  operationId: 'listReposDetails',
  summary: 'List the repositories that the caller has a right on',
  method: 'get',
  path: '/repos',
  ...onAccount({ scope: 'repo:read', along: readWindow }),
  request: {
    query: z.object({
      namespace: queryText("Part of the organization's name"),
      name: queryText("Part of the repository's name"),
      category: queryText(`One of ${categories.join(', ')}`),
      is_public: queryText('`true` or `false`'),
      offset: queryText('Repositories to skip; only together with `limit`'),
      limit: queryText('Repositories on a page; only together with `offset`'),
      order_column: queryText(`One of ${repositoryOrders.join(', ')}; only together with \`order_type\``),
      order_type: queryText('`asc` or `desc`; only together with `order_column`'),
      filter: queryText('All of these in one: `namespace::group|offset::0|limit::10`'),
    }),
  },
  responses: answer(200, z.array(ListedRepositoryView), 'A page of repositories; `Content-Range` says which'),
})

export const listReposDetails = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const { settings } = c.env
    const { along } = c.var.granted()
    const [rows, [counted]] = along
    const total = counted?.count ?? 0
    const { window } = askedFor((name) => c.req.queries(name)?.[0], settings.SWR_LIST_MAX)
    const view = rows.map((row) => listedRepositoryView(row, { settings, url: c.req.url, total }))
    return c.json(view, 200, contentRange(window, rows.length, total))
  },
})

function readWindow({ store, accountId, query, now, settings }: AccountLookup) {
  const { window, ...asked } = askedFor(query, settings.SWR_LIST_MAX)
  const selection = { ...asked, ...window }
  return [repositoryWindow(store, accountId, selection, now), repositoryCount(store, accountId, selection)] as const
}

function askedFor(query: (name: string) => string | undefined, limitMax: number) {
  const {
    center,
    namespace,
    name,
    category,
    is_public: isPublic,
    ...given
  } = listParameters([...plain, 'center'] as const, query)
  if (center !== undefined && center !== 'self' && query('filter')) {
    throw new SwrError('4001035', `filter: center can only be self here, got ${center}`)
  }
  if (category !== undefined && !(categories as readonly string[]).includes(category)) {
    throw new SwrError('4000014', `category: expected one of ${categories.join(', ')}, got ${category}`)
  }
  return {
    namespace,
    name: name && repositoryName(name),
    category,
    isPublic: flagOf('is_public', isPublic),
    window: windowOf(given, limitMax),
    order: orderOf(given, repositoryOrders) ?? { column: 'updated_time' as const, descending: true },
  }
}
