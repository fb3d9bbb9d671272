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

/** How many rows of `repository.tag_count` are dead. */
export const expiredTagCount = (store: Store, repositoryId: RepositoryId, now: Date) =>
  store.select({ count: sql<number>`count(*)`.as('count') }).from(sql`${expiredTags(repositoryId, now)}`)

/**
 * Live tags with their manifests, from an offset on. What is skipped is counted off in the index that has the order
 * (its ties too: equal instants go by name), and nothing but the page is looked up.
 */
export function tagWindow(store: Store, repositoryId: RepositoryId, window: TagWindow, now: Date) {
  const { name, column, descending, offset, limit } = window
  const newestFirst = [desc(tag.startedAt), asc(tag.name)]
  const oldestFirst = [asc(tag.startedAt), desc(tag.name)]
  const byName = [descending ? desc(tag.name) : asc(tag.name)]
  const order = column === 'tag' ? byName : descending ? newestFirst : oldestFirst
  // An index has to answer for itself whether what it skips is alive; that of the names does not hold the expiry.
  const alive =
    column === 'tag' && offset > 0
      ? sql`${tag.id} not in (select e.id from ${expiredTags(repositoryId, now)})`
      : isLive(now)
  const matches = and(eq(tag.repositoryId, repositoryId), alive, name === undefined ? undefined : eq(tag.name, name))

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

export type WindowedTag = Awaited<ReturnType<typeof tagWindow>>[number]
