import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { manifestTexts } from '../../../domain/manifest/manifestText.ts'
import { tagWindow, windowVersion } from '../../../store/tagWindow.ts'
import { type Lookup, onRepository } from '../access.ts'
import { contentRange, listParameters, orderOf, windowOf } from '../filter.ts'
import { queryText } from '../validation.ts'
import { inRepository, repositoryParams } from '../wire.ts'
import { ListedTagView, listedTagView, tagPlace } from './tagView.ts'

const keys = ['offset', 'limit', 'order_column', 'order_type', 'tag'] as const

const route = createRoute({
  operationId: 'listRepositoryTags',
  summary: "List a repository's live tags",
  method: 'get',
  path: `${inRepository}/tags`,
  ...onRepository('read', { along: readWindow, cached: { by: [...keys, 'filter'] } }),
  request: {
    params: repositoryParams,
    query: z.object({
      offset: queryText('Tags to skip; only together with `limit`'),
      limit: queryText('Tags on a page, 1000 at most; only together with `offset`'),
      order_column: queryText('`updated_at` or `tag`; only together with `order_type`'),
      order_type: queryText('`asc` or `desc`; only together with `order_column`'),
      tag: queryText('Only the tag of exactly this name'),
      filter: queryText(
        'All of the above in one: `offset::0|limit::10|order_column::updated_at|order_type::desc|tag::latest`. Where it is given, the others mean nothing.',
      ),
    }),
  },
  responses: {
    200: {
      description: 'A page of tags. `Content-Range` says offset, rows on this page and rows in all: `0-10/25`.',
      content: { 'application/json': { schema: z.array(ListedTagView) } },
    },
  },
})

export const listRepositoryTags = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { settings, blobs, store, bookmarks } = c.env
    const { namespace, repository, along } = c.var.granted()
    const asked = askedFor((name) => c.req.queries(name)?.[0], settings.SWR_LIST_MAX)
    const [read, [state]] = along
    const isStale = state !== undefined && state.wentOn !== null && state.wentOn !== state.version
    const [rows] = isStale
      ? await store.batch([tagWindow(store, repository.id, windowOfRows(asked), c.env.now())])
      : [read]
    const isBeyond = asked.name !== undefined && asked.window.offset > 0
    const tags = isBeyond ? [] : rows
    const total = asked.name === undefined ? repository.tagCount - (state?.expired ?? 0) : rows.length
    const last = tags.at(-1)
    if (last && state && !isStale && asked.name === undefined && tags.length === asked.window.limit) {
      const { startedAt, name } = last
      const key = bookmarkKey(c.req.param(), asked, asked.window.offset + tags.length)
      bookmarks.put(key, { version: state.version, startedAt, name })
    }
    const texts = await manifestTexts(blobs, tags)
    const place = tagPlace(settings, c.req.url, namespace, repository)
    const view = tags.map((row, i) => listedTagView(row, { ...place, manifest: texts[i] ?? '' }))
    return c.json(view, 200, contentRange(asked.window, tags.length, total))
  },
})

/** The page goes on where the one before it ended, if that is known and still so: the last statement says for which version. */
function readWindow({ store, repositoryId, param, query, now, settings, bookmarks }: Lookup) {
  const asked = askedFor(query, settings.SWR_LIST_MAX)
  const names = { namespace: param('namespace'), repository: param('repository') }
  const after = asked.name === undefined ? bookmarks.get(bookmarkKey(names, asked, asked.window.offset)) : undefined
  return [
    tagWindow(store, repositoryId, { ...windowOfRows(asked), after }, now),
    windowVersion(store, repositoryId, now, after?.version),
  ] as const
}

type Asked = ReturnType<typeof askedFor>

/** A name has one row or none, which is read whatever the offset: it says how many there are. */
const windowOfRows = ({ name, window, order }: Asked) => ({
  name,
  ...order,
  offset: name === undefined ? window.offset : 0,
  limit: window.limit,
})

const bookmarkKey = (
  { namespace, repository }: { namespace: string; repository: string },
  { order }: Asked,
  offset: number,
) => `${namespace}/${repository} ${order.column} ${order.descending} ${offset}`

function askedFor(query: (name: string) => string | undefined, limitMax: number) {
  const given = listParameters(keys, query)
  const window = windowOf(given, limitMax)
  const order = orderOf(given, ['updated_at', 'tag']) ?? { column: 'updated_at' as const, descending: true }
  return { name: given.tag, window, order }
}
