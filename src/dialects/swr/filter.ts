import { SwrError } from './errors.ts'

/** Keys that some list of the dialect has: a list that does not know them ignores them. */
const foreignKeys = 'namespace name category is_public center domain_name status mode order'.split(' ')

/**
 * A list's parameters. A `filter` with anything in it (`offset::0|limit::10`) takes the place of all the plain ones;
 * of a key that is given twice the first counts, and an empty value is no value.
 * @throws `SwrError` 4001035 for a filter that does not follow the grammar
 */
export function listParameters<K extends string>(
  keys: readonly K[],
  query: (name: string) => string | undefined,
): Partial<Record<K, string>> {
  const filter = query('filter')
  const pairs = filter ? filterPairs(filter, keys) : keys.map((key) => [key, query(key) ?? ''] as const)
  const values: Partial<Record<K, string>> = {}
  const seen = new Set<string>()
  for (const [key, value] of pairs) {
    if (!seen.has(key) && value !== '') values[key] = value
    seen.add(key)
  }
  return values
}

function filterPairs<K extends string>(filter: string, keys: readonly K[]): [K, string][] {
  const pairs: [K, string][] = []
  for (const segment of filter.split('|')) {
    if (segment === '') continue
    const separator = segment.indexOf('::')
    if (separator <= 0) throw new SwrError('4001035', `filter: expected key::value, got ${segment}`)
    const key = segment.slice(0, separator)
    if (isOneOf(keys, key)) pairs.push([key, segment.slice(separator + 2)])
    else if (!foreignKeys.includes(key)) throw new SwrError('4001035', `filter: unknown key ${key}`)
  }
  return pairs
}

const isOneOf = <K extends string>(keys: readonly K[], key: string): key is K => keys.includes(key as K)

export interface Window {
  offset: number
  limit: number
  /** The offset as `Content-Range` says it: also where it is greater than a number can hold. */
  start: string
}

/** Where a list begins and how long it may be. Either parameter means nothing without the other. */
export function windowOf({ offset, limit }: { offset?: string; limit?: string }, limitMax: number): Window {
  const isCount = /^[0-9]{1,19}$/
  if (limit !== undefined && (!isCount.test(limit) || Number(limit) < 1))
    throw new SwrError('4000056', `limit: expected a number from 1, got ${limit}`)
  if (offset !== undefined && !isCount.test(offset))
    throw new SwrError('4000014', `offset: expected a number from 0, got ${offset}`)
  if (offset === undefined || limit === undefined) return { offset: 0, limit: limitMax, start: '0' }
  return {
    offset: Math.min(Number(offset), Number.MAX_SAFE_INTEGER),
    limit: Math.min(Number(limit), limitMax),
    start: BigInt(offset).toString(),
  }
}

/** How a list is ordered; undefined where the request does not say both column and type. */
export function orderOf<C extends string>(
  { order_column: column, order_type: type }: { order_column?: string; order_type?: string },
  columns: readonly C[],
): { column: C; descending: boolean } | undefined {
  if (column !== undefined && !isOneOf(columns, column))
    throw new SwrError('4001096', `order_column: expected one of ${columns.join(', ')}, got ${column}`)
  if (type !== undefined && type !== 'asc' && type !== 'desc')
    throw new SwrError('4001096', `order_type: expected asc or desc, got ${type}`)
  return column === undefined || type === undefined ? undefined : { column, descending: type === 'desc' }
}

/** `Content-Range: <start>-<rows of this page>/<rows of all pages>`. */
export const contentRange = ({ start }: Window, count: number, total: number) => ({
  'Content-Range': `${start}-${count}/${total}`,
})

/** `true` or `false`; undefined where nothing is given. */
export function flagOf(name: string, text: string | undefined): boolean | undefined {
  if (text !== undefined && text !== 'true' && text !== 'false') {
    throw new SwrError('4000014', `${name}: expected true or false, got ${text}`)
  }
  return text === undefined ? undefined : text === 'true'
}
