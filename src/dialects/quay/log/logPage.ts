import { z } from '@hono/zod-openapi'
import type { SQL } from 'drizzle-orm'
import type { Services } from '../../../services.ts'
import { eventCounts, eventsPage, type LoggedEvent } from '../../../store/events.ts'
import { rfc2822 } from '../dates.ts'
import { pagePosition, pageToken } from '../paging.ts'
import { queryText } from '../validation.ts'
import { countedRange, LogQuery, logRange } from './logRange.ts'
import { LogCountView, LogView, logCountView, logView } from './logView.ts'

const pageSize = 20
const Position = z.object({ logsAfter: z.object({ at: z.int(), id: z.int() }) })

export const LogPageQuery = { ...LogQuery, next_page: queryText('Where the list goes on') }
export const PerformerQuery = { performer: queryText('Only what this user or robot did') }

/** What an endpoint that lists a log answers. */
export const logPageResponses = {
  200: {
    description: 'A page of the log, newest first',
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
}

/** What an endpoint that counts a log answers. */
export const logCountResponses = {
  200: {
    description: 'A count per kind and day',
    content: {
      'application/json': { schema: z.object({ aggregated: z.array(LogCountView) }).openapi('AggregatedLogs') },
    },
  },
}

type Asked = Partial<Record<'starttime' | 'endtime' | 'next_page', string | undefined>>

/** A page of those lines of the log that `where` picks. */
export async function logPage(
  { store, vault, now }: Services,
  { next_page, ...query }: Asked,
  where?: SQL,
  view: (event: LoggedEvent) => z.infer<typeof LogView> = logView,
) {
  const pager = { vault, now: now() }
  const range = logRange(query, pager.now)
  const after = (await pagePosition(pager, next_page, Position))?.logsAfter
  const [rows] = await store.batch([eventsPage(store, { ...range, where }, after, pageSize)])
  const shown = rows.slice(0, pageSize)
  const page = { start_time: rfc2822(range.from), end_time: rfc2822(range.to), logs: shown.map(view) }
  const last = shown.at(-1)
  if (rows.length === shown.length || !last) return page
  const next = await pageToken(pager, { logsAfter: { at: last.at.getTime(), id: last.id } })
  return { ...page, next_page: next }
}

/** How often what was done on each day, of those lines that `where` picks. */
export async function logCounts({ store, now }: Services, query: Asked, where?: SQL) {
  const [rows] = await store.batch([eventCounts(store, { ...countedRange(query, now()), where })])
  return { aggregated: rows.map(logCountView) }
}
