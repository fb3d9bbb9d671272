import { and, desc, eq, getTableColumns, gte, lt, lte, or, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { prefixed } from './columns.ts'
import { account, event } from './schema.ts'
import type { Store } from './store.ts'

const performer = alias(account, 'performer')
const namespace = alias(account, 'namespace')
// The event's own columns are called `performer_id` and `namespace_id`: the prefixes have to be others.
const shown = (table: typeof performer | typeof namespace, prefix: string) =>
  prefixed({ id: table.id, username: table.username, email: table.email, kind: table.kind }, prefix)
const performerColumns = shown(performer, 'doer')
const namespaceColumns = shown(namespace, 'owner')

/** Lines of the log from `from` until before `to`. */
export interface EventRange {
  from: Date
  to: Date
  /** Which lines, besides: of a repository, of a namespace. */
  where?: SQL | undefined
}

const inRange = ({ from, to, where }: EventRange) => and(gte(event.at, from), lt(event.at, to), where)

/** Where a list of lines goes on: after this line. */
export interface EventPosition {
  at: number
  id: number
}

/** Lines of the log, newest first, with who did it and whose it is. One more row than `limit` where there are more. */
export const eventsPage = (store: Store, range: EventRange, after: EventPosition | undefined, limit: number) =>
  store
    .select({ ...getTableColumns(event), performer: performerColumns, namespace: namespaceColumns })
    .from(event)
    .leftJoin(performer, eq(performer.id, event.performerId))
    .leftJoin(namespace, eq(namespace.id, event.namespaceId))
    .where(and(inRange(range), after && isAfter(after)))
    .orderBy(desc(event.at), desc(event.id))
    .limit(limit + 1)

const isAfter = ({ at, id }: EventPosition) => {
  const instant = new Date(at)
  return and(lte(event.at, instant), or(lt(event.at, instant), lt(event.id, id)))
}

export type LoggedEvent = Awaited<ReturnType<typeof eventsPage>>[number]

const day = sql<string>`date(${event.at} / 1000, 'unixepoch')`

/** How often what was done on each UTC day (`YYYY-MM-DD`). */
export const eventCounts = (store: Store, range: EventRange) =>
  store
    .select({ kind: event.kind, day: day.as('day'), count: sql<number>`count(*)`.as('count') })
    .from(event)
    .where(inRange(range))
    .groupBy(event.kind, day)

export const ofRepository = (repositoryId: number) => eq(event.repositoryId, repositoryId)

const performedBy = (username: string | undefined) =>
  username === undefined
    ? undefined
    : sql`${event.performerId} = (select a.id from account a where a.username = ${username} and a.kind <> 'organization')`

/** The lines of a namespace, or only what somebody did there; nobody of an unknown name did anything. */
export const ofNamespace = (namespaceId: number, performer?: string) =>
  and(eq(event.namespaceId, namespaceId), performedBy(performer))

/** The lines of a user's own account: what service keys went through is the superusers' to read. */
export const ofAccount = (accountId: number, performer?: string) =>
  and(ofNamespace(accountId, performer), sql`substr(${event.kind}, 1, 12) <> 'service_key_'`)
