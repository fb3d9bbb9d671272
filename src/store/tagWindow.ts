import { and, asc, desc, eq, type SQL, sql } from 'drizzle-orm'
import { prefixed } from './columns.ts'
import { numeral, type RowOf, reusable } from './reusable.ts'
import { manifest, tag } from './schema.ts'
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
const expiredTags = (repositoryId: SQL, now: SQL): SQL =>
  sql`tag e where e.repository_id = ${repositoryId} and e.expires_at is not null and e.expires_at <= ${now}`

/**
 * Live tags with their manifests, from an offset on. What is skipped is counted off in the index that has the order
 * (its ties too: equal instants go by name), and nothing but the page is looked up.
 */
export const tagWindow = reusable(
  (repositoryId: RepositoryId, { name, column, descending, offset, limit, after }: TagWindow, now: Date) => ({
    repositoryId,
    name,
    isByName: column === 'tag',
    descending,
    offset: after || offset === 0 ? undefined : offset,
    limit: numeral(limit),
    startedAfter: after?.startedAt,
    nameAfter: after?.name,
    now,
  }),
  (store, { repositoryId, name, isByName, descending, offset, limit, startedAfter, nameAfter, now }) => {
    const newestFirst = [desc(tag.startedAt), asc(tag.name)]
    const oldestFirst = [asc(tag.startedAt), desc(tag.name)]
    const byName = [descending ? desc(tag.name) : asc(tag.name)]
    const order = isByName ? byName : descending ? newestFirst : oldestFirst
    // An index has to answer for itself whether what it skips is alive; that of the names does not hold the expiry.
    const alive =
      isByName && offset ? sql`${tag.id} not in (select e.id from ${expiredTags(repositoryId, now)})` : isLive(now)
    const after = startedAfter && nameAfter && isAfter(startedAfter, nameAfter, isByName, descending)
    const matches = and(eq(tag.repositoryId, repositoryId), alive, name && eq(tag.name, name), after)

    if (!offset) {
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
  },
)

function isAfter(at: SQL, name: SQL, isByName: boolean, descending: boolean): SQL {
  if (isByName) return descending ? sql`${tag.name} < ${name}` : sql`${tag.name} > ${name}`
  return descending
    ? sql`${tag.startedAt} <= ${at} and (${tag.startedAt} < ${at} or ${tag.name} > ${name})`
    : sql`${tag.startedAt} >= ${at} and (${tag.startedAt} > ${at} or ${tag.name} < ${name})`
}

/** What a page's place depends on besides its offset, as one text: the repository's version, and how much of it is dead.
 * `wentOn` comes back as it is: which version the page was read for. */
export const windowVersion = reusable(
  (repositoryId: RepositoryId, now: Date, wentOn: string | undefined) => ({ repositoryId, now, wentOn }),
  (store, { repositoryId, now, wentOn }) =>
    store
      .select({
        version: sql<string>`(select r.id || ' ' || r.generation from repository r where r.id = ${repositoryId})
        || ' ' || (select count(*) from ${expiredTags(repositoryId, now)})`.as('version'),
        expired: sql<number>`(select count(*) from ${expiredTags(repositoryId, now)})`.as('expired'),
        wentOn: sql<string | null>`${wentOn ?? null}`.as('went_on'),
      })
      .from(sql`(select 1)`),
)

export type WindowedTag = RowOf<typeof tagWindow>
