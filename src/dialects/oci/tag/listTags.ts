import { createFactory } from 'hono/factory'
import { tagNamesAfter } from '../../../store/tags.ts'
import { type Lookup, onRepository } from '../access.ts'
import type { OciEnv } from '../env.ts'
import { nextLink, pageSize } from '../paging.ts'

/** The names of a repository's live tags, in the order of their bytes. */
export const listTags = createFactory<OciEnv>().createHandlers(
  onRepository('pull', { along: readNames, cached: { by: ['n', 'last'] } }),
  (c) => {
    const name = c.req.param('name') ?? ''
    const limit = pageSize(c.req.query('n'))
    const [rows] = c.var.along
    const tags = rows.slice(0, limit).map((row) => row.name)
    const last = rows.length > limit ? tags.at(-1) : undefined
    if (last !== undefined) c.header('Link', nextLink(`/v2/${name}/tags/list`, { n: String(limit), last }))
    c.set('isLookup', true)
    return c.json({ name, tags })
  },
)

function readNames({ store, repositoryId, query, now }: Lookup) {
  return [tagNamesAfter(store, repositoryId, query('last') ?? '', pageSize(query('n')) + 1, now)] as const
}
