import { and, asc, desc, eq, type SQL, sql } from 'drizzle-orm'
import { prefixed } from './columns.ts'
import { manifest, tag } from './schema.ts'
import type { Store } from './store.ts'
import { isLive, type RepositoryId } from './tags.ts'

export interface TagWindow {
  name?: string | undefined
  column: 'updated_at' | 'tag'
  descending: boolean
  offset: number
  limit: number
  /** The last of the rows to skip, where it is known: then none of them is read. */
  after?: { startedAt: Date; name: string } | undefined
}

const shown = {
  id: tag.id,
  name: tag.name,
  startedAt: tag.startedAt,
  createdAt: tag.createdAt,
  ...prefixed(
    {
      digest: manifest.digest,
      schemaVersion: manifest.schemaVersion,
      isIndex: manifest.isIndex,
      configDigest: manifest.configDigest,
      contentSizeBytes: manifest.contentSizeBytes,
      content: manifest.content,
      contentKey: manifest.contentKey,
    },
    'manifest',
  ),
}

/** Rows whose planned end has passed, and that nobody has taken away yet: few, and in an index of their own. */
const expiredTags = (repositoryId: RepositoryId, now: Date): SQL =>
  sql`tag e where e.repository_id = ${repositoryId} and e.expires_at is not null and e.expires_at <= ${now.getTime()}`

/**
 * Live tags with their manifests, from an offset on. What is skipped is counted off in the index that has the order
 * (its ties too: equal instants go by name), and nothing but the page is looked up.
 */
export function tagWindow(store: Store, repositoryId: RepositoryId, window: TagWindow, now: Date) {
  const { name, column, descending, limit, after } = window
  const offset = after ? 0 : window.offset
  const newestFirst = [desc(tag.startedAt), asc(tag.name)]
  const oldestFirst = [asc(tag.startedAt), desc(tag.name)]
  const byName = [descending ? desc(tag.name) : asc(tag.name)]
  const order = column === 'tag' ? byName : descending ? newestFirst : oldestFirst
  // An index has to answer for itself whether what it skips is alive; that of the names does not hold the expiry.
  const alive =
    column === 'tag' && offset > 0
      ? sql`${tag.id} not in (select e.id from ${expiredTags(repositoryId, now)})`
      : isLive(now)
  const matches = and(
    eq(tag.repositoryId, repositoryId),
    alive,
    name === undefined ? undefined : eq(tag.name, name),
    after && isAfter(after, window),
  )

  if (offset === 0) {
    return store
      .select(shown)
      .from(tag)
      .innerJoin(manifest, eq(manifest.id, tag.manifestId))
      .where(matches)
      .orderBy(...order)
      .limit(limit)
  }
  const page = store
    .select({ id: tag.id })
    .from(tag)
    .where(matches)
    .orderBy(...order)
    .limit(limit)
    .offset(offset)
    .as('page')
  return store
    .select(shown)
    .from(page)
    .innerJoin(tag, eq(tag.id, page.id))
    .innerJoin(manifest, eq(manifest.id, tag.manifestId))
    .orderBy(...order)
}

const isAfter = ({ startedAt, name }: { startedAt: Date; name: string }, { column, descending }: TagWindow): SQL => {
  const at = startedAt.getTime()
  if (column === 'tag') return descending ? sql`${tag.name} < ${name}` : sql`${tag.name} > ${name}`
  return descending
    ? sql`${tag.startedAt} <= ${at} and (${tag.startedAt} < ${at} or ${tag.name} > ${name})`
    : sql`${tag.startedAt} >= ${at} and (${tag.startedAt} > ${at} or ${tag.name} < ${name})`
}

/** What a page's place depends on besides its offset, as one text: the repository's version, and how much of it is dead.
 * `wentOn` comes back as it is: which version the page was read for. */
export const windowVersion = (store: Store, repositoryId: RepositoryId, now: Date, wentOn: string | undefined) =>
  store
    .select({
      version: sql<string>`(select r.id || ' ' || r.generation from repository r where r.id = ${repositoryId})
        || ' ' || (select count(*) from ${expiredTags(repositoryId, now)})`.as('version'),
      expired: sql<number>`(select count(*) from ${expiredTags(repositoryId, now)})`.as('expired'),
      wentOn: sql<string | null>`${wentOn ?? null}`.as('went_on'),
    })
    .from(sql`(select 1)`)

export type WindowedTag = Awaited<ReturnType<typeof tagWindow>>[number]
