import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { retentionLogCount, retentionLogPage } from '../../../store/retentions.ts'
import { type Lookup, onRepository } from '../access.ts'
import { rfc3339 } from '../dates.ts'
import { contentRange, listParameters, windowOf } from '../filter.ts'
import { queryText } from '../validation.ts'
import { answer, inRepository, repositoryParams } from '../wire.ts'
import { RetentionLogView } from './retentionView.ts'

const route = createRoute({
  operationId: 'listRetentionHistories',
  summary: 'List the tags that retention has deleted',
  method: 'get',
  path: `${inRepository}/retentions/histories`,
  ...onRepository('read', { along: readLog }),
  request: {
    params: repositoryParams,
    query: z.object({
      offset: queryText('Lines to skip; only together with `limit`'),
      limit: queryText('Lines on a page; only together with `offset`'),
      filter: queryText('Both in one: `offset::0|limit::10`'),
    }),
  },
  responses: answer(200, z.object({ retention_log: z.array(RetentionLogView), total: z.int() }), 'A page of the log'),
})

export const listRetentionHistories = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const { namespace, repository, along } = c.var.granted()
    const [rows, [counted]] = along
    const total = counted?.count ?? 0
    const window = askedFor((name) => c.req.queries(name)?.[0], c.env.settings.SWR_LIST_MAX)
    const log = rows.map((row) => ({
      created_at: rfc3339(row.createdAt),
      id: row.id,
      namespace: namespace.username,
      repo: repository.name,
      retention_id: row.retentionId,
      rule_type: row.rule,
      tag: row.tag,
    }))
    return c.json({ retention_log: log, total }, 200, contentRange(window, rows.length, total))
  },
})

function readLog({ store, repositoryId, query, settings }: Lookup) {
  const window = askedFor(query, settings.SWR_LIST_MAX)
  return [retentionLogPage(store, repositoryId, window), retentionLogCount(store, repositoryId)] as const
}

function askedFor(query: (name: string) => string | undefined, limitMax: number) {
  return windowOf(listParameters(['offset', 'limit'], query), limitMax)
}
