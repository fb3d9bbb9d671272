import { RegistryError } from '../../../errors.ts'
import { messageError } from '../errors.ts'
import { queryText } from '../validation.ts'

export const LogQuery = {
  starttime: queryText('The first day, as MM/DD/YYYY (UTC)'),
  endtime: queryText('The last day, as MM/DD/YYYY (UTC)'),
}

const dayMilliseconds = 24 * 60 * 60 * 1000

/** The days that are asked for, the last one included; since yesterday where nothing readable is asked for. */
export function logRange(
  { starttime, endtime }: { starttime?: string | undefined; endtime?: string | undefined },
  now: Date,
): { from: Date; to: Date } {
  const from = parseDay(starttime) ?? new Date(now.getTime() - dayMilliseconds)
  const to = new Date((parseDay(endtime) ?? now).getTime() + dayMilliseconds)
  if (to < from) throw messageError(400, 'Invalid date range for logs')
  return { from, to }
}

/** @throws for more days than may be counted at once */
export function countedRange(query: Parameters<typeof logRange>[0], now: Date): { from: Date; to: Date } {
  const range = logRange(query, now)
  if (range.to.getTime() - range.from.getTime() > countedDaysMax * dayMilliseconds) {
    throw new RegistryError('rule', 'Invalid date range for logs')
  }
  return range
}

const countedDaysMax = 31

/** Midnight of `MM/DD/YYYY`; undefined for any other text, which is as good as none. */
function parseDay(text: string | undefined): Date | undefined {
  const [, month, date, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text ?? '') ?? []
  if (!month || !date || !year) return undefined
  const day = new Date(Date.UTC(Number(year), Number(month) - 1, Number(date)))
  return day.getUTCMonth() === Number(month) - 1 ? day : undefined
}
