import { and, asc, desc, eq, getTableColumns, gt, inArray, isNull, or, type SQL, sql } from 'drizzle-orm'
import { prefixed } from './columns.ts'
import { numeral, piece, type RowOf, reusable } from './reusable.ts'
import { manifest, tag, tagRevision } from './schema.ts'
import type { Store } from './store.ts'

export type TagRow = typeof tag.$inferSelect
export type TagRevision = typeof tagRevision.$inferSelect
/** A repository's id, known or as a subquery. */
export type RepositoryId = number | SQL<number>

const ofManifest = {
  digest: manifest.digest,
  isIndex: manifest.isIndex,
  layersSizeBytes: manifest.layersSizeBytes,
  children: manifest.children,
}
const ofTag = {
  name: tag.name,
  startedAt: tag.startedAt,
  expiresAt: tag.expiresAt,
  immutable: tag.immutable,
  cause: tag.cause,
}

/** A page after the first is found in an index alone before its rows are read: to skip costs one entry for each. */
export interface TagPage {
  /** Only this name. */
  name?: string | undefined
  /** Only names that hold this text, whatever its letters' case; `%` and `_` are SQL's wildcards. */
  like?: string | undefined
  limit: number
  offset: number
}

/** D1 refuses longer patterns. */
const likePatternBytesMax = 50

/** How a text is looked for in names: by a pattern where it fits into one. */
function patternOf(text: string | undefined) {
  if (text === undefined) return {}
  const pattern = `%${text}%`
  return new TextEncoder().encode(pattern).length <= likePatternBytesMax ? { pattern } : { text }
}

/** Whether a tag row is alive: a planned end may have passed before a job took the row away. */
export const isLive = (now: Date | SQL<Date>): SQL => or(isNull(tag.expiresAt), gt(tag.expiresAt, now)) as SQL

/** What a page asks for, as values of its statement. */
const valuesOf = (repositoryId: RepositoryId, { name, like, limit, offset }: TagPage) => ({
  repositoryId,
  name,
  ...(patternOf(like) as { pattern?: string; text?: string }),
  limit: numeral(limit + 1),
  offset: offset > 0 ? offset : undefined,
})

/** Live tags, newest first. One more row than `limit` where there are more. */
export const livePage = reusable(
  (repositoryId: RepositoryId, page: TagPage, now: Date) => ({ ...valuesOf(repositoryId, page), now }),
  (store, { repositoryId, name, pattern, text, limit, offset, now }) => {
    const asked = and(
      eq(tag.repositoryId, repositoryId),
      isLive(now),
      name && eq(tag.name, name),
      pattern && sql`${tag.name} like ${pattern}`,
      text && sql`instr(lower(${tag.name}), lower(${text})) > 0`,
    )
    const order = [desc(tag.startedAt), asc(tag.name)]
    const window = store
      .select({ id: tag.id })
      .from(tag)
      .where(asked)
      .orderBy(...order)
    return store
      .select({ ...ofTag, ...ofManifest })
      .from(tag)
      .innerJoin(manifest, eq(manifest.id, tag.manifestId))
      .where(offset ? inArray(tag.id, window.limit(limit).offset(offset)) : asked)
      .orderBy(...order)
      .limit(limit)
  },
)

/** Every meaning that names ever had, newest first. One more row than `limit` where there are more. */
export const historyPage = reusable(valuesOf, (store, { repositoryId, name, pattern, text, limit, offset }) => {
  const asked = and(
    eq(tagRevision.repositoryId, repositoryId),
    name && eq(tagRevision.name, name),
    pattern && sql`${tagRevision.name} like ${pattern}`,
    text && sql`instr(lower(${tagRevision.name}), lower(${text})) > 0`,
  )
  const order = [desc(tagRevision.startedAt), asc(tagRevision.name)]
  const window = store
    .select({ id: tagRevision.id })
    .from(tagRevision)
    .where(asked)
    .orderBy(...order)
  return store
    .select({
      name: tagRevision.name,
      startedAt: tagRevision.startedAt,
      expiresAt: tagRevision.expiresAt,
      immutable: tagRevision.immutable,
      cause: tagRevision.cause,
      endedAt: tagRevision.endedAt,
      ...ofManifest,
    })
    .from(tagRevision)
    .innerJoin(manifest, eq(manifest.id, tagRevision.manifestId))
    .where(offset ? inArray(tagRevision.id, window.limit(limit).offset(offset)) : asked)
    .orderBy(...order)
    .limit(limit)
})

/** A meaning of a name; a live one has no end. */
export type TagHistoryRow = RowOf<typeof livePage> & Partial<RowOf<typeof historyPage>>

/** What a name means now, dead or alive. */
export const tagNamed = reusable(
  (repositoryId: RepositoryId, name: string) => ({ repositoryId, name }),
  (store, { repositoryId, name }) =>
    store
      .select({ ...getTableColumns(tag), ...prefixed({ digest: manifest.digest }, 'manifest') })
      .from(tag)
      .innerJoin(manifest, eq(manifest.id, tag.manifestId))
      .where(and(eq(tag.repositoryId, repositoryId), eq(tag.name, name))),
)

export type NamedTag = RowOf<typeof tagNamed>

/** The latest meaning of a name, ended or not. */
export const lastRevision = reusable(
  (repositoryId: RepositoryId, name: string) => ({ repositoryId, name, limit: numeral(1) }),
  (store, { repositoryId, name, limit }) =>
    store
      .select()
      .from(tagRevision)
      .where(and(eq(tagRevision.repositoryId, repositoryId), eq(tagRevision.name, name)))
      .orderBy(desc(tagRevision.startedAt), desc(tagRevision.id))
      .limit(limit),
)

/**
 * Live tags that Cosign keeps beside the manifest which a name means (`sha256-….sig`, `.att`, `.sbom`), provided that
 * nothing else but such tags keeps that manifest.
 */
export const signaturesOf = (store: Store, repositoryId: RepositoryId, name: string, now: Date) =>
  store
    .select({ ...getTableColumns(tag), ...prefixed({ digest: manifest.digest }, 'manifest') })
    .from(tag)
    .innerJoin(manifest, eq(manifest.id, tag.manifestId))
    .where(
      and(
        eq(tag.repositoryId, repositoryId),
        sql`${tag.name} in (
          select replace(m.digest, ':', '-') || e.value from tag t join manifest m on m.id = t.manifest_id
          join json_each('[".sig",".att",".sbom"]') e where t.repository_id = ${repositoryId} and t.name = ${name})`,
        isLive(now),
        sql`${isSignatureName(sql`${name}`)} = 0`,
        sql`not exists (
          select 1 from tag o where o.manifest_id = (
            select t.manifest_id from tag t where t.repository_id = ${repositoryId} and t.name = ${name})
          and o.name <> ${name} and (o.expires_at is null or o.expires_at > ${now.getTime()})
          and ${isSignatureName(sql`o.name`)} = 0)`,
      ),
    )

/** Whether a name is one that Cosign gives: 1 or 0. */
const isSignatureName = (name: SQL): SQL =>
  sql`(${name} glob 'sha256-*' and length(${name}) in (75, 76) and substr(${name}, 72) in ('.sig', '.att', '.sbom'))`

/** Names of live tags after one, in the order of their bytes. */
export const tagNamesAfter = reusable(
  (repositoryId: RepositoryId, last: string, limit: number, now: Date) => ({
    repositoryId,
    last,
    limit: numeral(limit),
    now,
  }),
  (store, { repositoryId, last, limit, now }) =>
    store
      .select({ name: tag.name })
      .from(tag)
      .where(and(eq(tag.repositoryId, repositoryId), gt(tag.name, last), isLive(now)))
      .orderBy(asc(tag.name))
      .limit(limit),
)

/** The meanings of a name that have ended, or should have by now, of one manifest; the oldest end first. */
export const deadRevisions = (
  store: Store,
  repositoryId: RepositoryId,
  name: string,
  digest: string,
  now: Date,
  limit: number,
) => {
  const end = sql`coalesce(${tagRevision.endedAt}, ${tagRevision.expiresAt})`
  const manifestId = sql`(select m.id from manifest m where m.repository_id = ${repositoryId} and m.digest = ${digest})`
  return store
    .select()
    .from(tagRevision)
    .where(
      and(
        eq(tagRevision.repositoryId, repositoryId),
        eq(tagRevision.name, name),
        sql`${tagRevision.manifestId} = ${manifestId}`,
        sql`${end} <= ${now.getTime()}`,
      ),
    )
    .orderBy(end, tagRevision.id)
    .limit(limit)
}

/** The digest of what a live tag means, as a subquery. */
export const digestOfTag = (repositoryId: RepositoryId, name: string, now: Date): SQL<string> =>
  piece(
    'digest of tag',
    { repositoryId, name, now: now.getTime() },
    (v) => sql`(select m.digest from tag t join manifest m on m.id = t.manifest_id
       where t.repository_id = ${v.repositoryId} and t.name = ${v.name}
         and (t.expires_at is null or t.expires_at > ${v.now}))`,
  )
