import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { eventsPage } from '../../../store/events.ts'
import { onSuperuser } from '../access.ts'
import { rfc2822 } from '../dates.ts'
import { LogQuery, logRange } from '../log/logRange.ts'
import { LogView, logViewOfAll } from '../log/logView.ts'
import { pagePosition, pageToken } from '../paging.ts'
import { queryText } from '../validation.ts'

const pageSize = 20
const Position = z.object({ logsAfter: z.object({ at: z.int(), id: z.int() }) })

const route = createRoute({
  operationId: 'listAllLogs',
  summary: 'The log of the whole registry, newest first',
  method: 'get',
  path: '/superuser/logs',
  ...onSuperuser('read'),
  request: {
    query: z.object({
      ...LogQuery,
      page: queryText('Has no effect: next_page leads on'),
      next_page: queryText('Where the list goes on'),
    }),
  },
  responses: {
    200: {
      description: 'A page of the log',
      content: {
        'application/json': {
          schema: z
            .object({
              start_time: z.string(),
              end_time: z.string(),
              logs: z.array(LogView),
              next_page: z.string().optional(),
            })
            .openapi('Logs'),
        },
      },
    },
  },
})

export const listAllLogs = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    c.var.granted()
    const { store, vault } = c.env
    const { next_page, ...query } = c.req.valid('query')
    const pager = { vault, now: c.env.now() }
    const range = logRange(query, pager.now)
    const after = (await pagePosition(pager, next_page, Position))?.logsAfter
    const [rows] = await store.batch([eventsPage(store, range, after, pageSize)])
    const shown = rows.slice(0, pageSize)
    const page = {
      start_time: rfc2822(range.from),
      end_time: rfc2822(range.to),
      logs: shown.map(logViewOfAll),
    }
    const last = shown.at(-1)
    if (rows.length === shown.length || !last) return c.json(page, 200)
    const next = await pageToken(pager, { logsAfter: { at: last.at.getTime(), id: last.id } })
    return c.json({ ...page, next_page: next }, 200)
  },
})
