import { and, eq, isNull, sql } from 'drizzle-orm'
import type { RowId } from './columns.ts'
import { reusable } from './reusable.ts'
import { repository, tag, tagRevision } from './schema.ts'
import type { TagRevision } from './tags.ts'

/** What a name means from an instant on. */
export interface Meaning {
  repositoryId: number
  name: string
  /** Known, or as a subquery where the same batch inserts it. */
  manifestId: RowId
  cause: TagRevision['cause']
  startedAt: Date
  expiresAt: Date | null
  immutable: boolean
}

/** Ends a meaning, unless it has ended. */
export const endMeaning = reusable(
  (revisionId: number, endedAt: Date | null) => ({ revisionId, endedAt }),
  (store, { revisionId, endedAt }) =>
    store
      .update(tagRevision)
      .set({ endedAt })
      .where(and(eq(tagRevision.id, revisionId), isNull(tagRevision.endedAt))),
)

/** Adds a meaning to a name's history. */
export const addMeaning = reusable(
  (meaning: Meaning) => ({ ...meaning }),
  (store, meaning) => store.insert(tagRevision).values(meaning),
)

/** Points a live tag at the meaning that the batch has added. */
export const pointTag = reusable(
  (meaning: Meaning) => ({ ...meaning }),
  (store, { repositoryId, name, ...meaning }) =>
    store
      .update(tag)
      .set({ ...meaning, revisionId: liveRevision(repositoryId, name) })
      .where(and(eq(tag.repositoryId, repositoryId), eq(tag.name, name))),
)

/** Brings a name to life, with the meaning that the batch has added. */
export const addTag = reusable(
  (meaning: Meaning) => ({ ...meaning }),
  (store, meaning) =>
    store.insert(tag).values({
      ...meaning,
      revisionId: liveRevision(meaning.repositoryId, meaning.name),
      createdAt: meaning.startedAt,
    }),
)

const liveRevision = (repositoryId: unknown, name: unknown) =>
  sql`(select id from tag_revision where repository_id = ${repositoryId} and name = ${name} and ended_at is null)`

/** Raises the repository's generation, and keeps how many tags it has. */
export const noteTagChange = reusable(
  (repositoryId: number, at: Date, more: number) => ({ repositoryId, at, more: more === 0 ? undefined : more }),
  (store, { repositoryId, at, more }) =>
    store
      .update(repository)
      .set({
        generation: sql`generation + 1`,
        updatedAt: at,
        ...(more && { tagCount: sql`tag_count + ${more}` }),
      })
      .where(eq(repository.id, repositoryId)),
)
