import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { historyPage, livePage, type TagPage } from '../../../store/tags.ts'
import { type Lookup, onRepository } from '../access.ts'
import { messageError } from '../errors.ts'
import { queryFlag, queryInteger, queryText, readFlag, readInteger } from '../validation.ts'
import { TagView, tagView } from './tagView.ts'

const limitMax = 100
const limitByDefault = 50

const Query = z.object({
  specificTag: queryText('Only the tag of this name'),
  filter_tag_name: queryText('Only tags whose name is (`eq:name`) or holds (`like:text`) this'),
  limit: queryInteger(limitByDefault, 'Tags on a page: 1 to 100'),
  page: queryInteger(1, 'The page, from 1'),
  onlyActiveTags: queryFlag(false, 'Leave out what has ended'),
})

const route = createRoute({
  operationId: 'listRepoTags',
  summary: "List a repository's tags with their history, newest first",
  method: 'get',
  path: '/repository/{repository}/tag/',
  ...onRepository('read', { along: readPage, cached: { by: Object.keys(Query.shape) } }),
  request: { params: z.object({ repository: z.string() }), query: Query },
  responses: {
    200: {
      description: 'A page of tags',
      content: {
        'application/json': {
          schema: z.object({ tags: z.array(TagView), page: z.int(), has_additional: z.boolean() }).openapi('TagList'),
        },
      },
    },
  },
})

export const listRepoTags = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const { page } = pageOf(c.req.valid('query'))
    if (isMalformed(c.req.valid('query').filter_tag_name)) {
      throw messageError(
        400,
        "Unsupported syntax for filter_tag_name. Expected <operation>:<tag_name> where <operation>can be 'like' or 'eq'.",
      )
    }
    const [rows = []] = c.var.along
    const { limit } = pageOf(c.req.valid('query'))
    const tags = rows.slice(0, limit).map((row) => tagView(row, c.env.settings))
    return c.json({ tags, page, has_additional: rows.length > limit }, 200)
  },
})

/** The page's rows travel with the caller's rights; a query that makes no sense reads nothing, and is refused afterwards. */
function readPage({ store, repositoryId, query, now }: Lookup) {
  const limit = readInteger(query('limit'), limitByDefault)
  const page = readInteger(query('page'), 1)
  const filter = query('filter_tag_name')
  if (!Number.isInteger(limit) || !Number.isSafeInteger(page) || isMalformed(filter)) return []
  const { rows } = pageOf({ limit, page, filter_tag_name: filter, specificTag: query('specificTag') })
  const isLive = readFlag(query('onlyActiveTags'), false)
  return [isLive ? livePage(store, repositoryId, rows, now) : historyPage(store, repositoryId, rows)]
}

const isMalformed = (filter: string | undefined) => Boolean(filter) && !filter?.includes(':')

function pageOf(query: Omit<z.output<typeof Query>, 'onlyActiveTags'>): { page: number; limit: number; rows: TagPage } {
  const limit = Math.min(Math.max(query.limit, 1), limitMax)
  const page = Math.max(query.page, 1)
  const [, operation, value] = /^([^:]*):(.*)$/s.exec(query.filter_tag_name ?? '') ?? []
  const eq = operation === 'eq' ? value : undefined
  const name = query.specificTag || eq
  // Both an exact name and another one: nothing can be both.
  const contradicts = query.specificTag && eq !== undefined && eq !== query.specificTag
  const like = operation === 'like' ? value : undefined
  return { page, limit, rows: { name, like, limit: contradicts ? -1 : limit, offset: (page - 1) * limit } }
}
