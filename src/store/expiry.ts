import { and, asc, isNull, lte, sql } from 'drizzle-orm'
import { repository, tag, tagRevision } from './schema.ts'
import type { Statement, Store } from './store.ts'

/** Tags whose planned end has passed, the longest dead first. */
export const expiredTags = (store: Store, now: Date, limit: number) =>
  store.select({ id: tag.id }).from(tag).where(lte(tag.expiresAt, now)).orderBy(asc(tag.expiresAt)).limit(limit)

/** Takes away those of the tags whose planned end has passed: their meanings end when they were to. */
export function takeExpired(store: Store, ids: readonly number[], now: Date): Statement[] {
  const dead = sql`tag.id in (select value from json_each(${JSON.stringify(ids)})) and tag.expires_at <= ${now.getTime()}`
  return [
    store
      .update(tagRevision)
      .set({ endedAt: sql`expires_at` })
      .where(
        and(isNull(tagRevision.endedAt), sql`${tagRevision.id} in (select tag.revision_id from tag where ${dead})`),
      ),
    store
      .update(repository)
      .set({
        generation: sql`generation + 1`,
        tagCount: sql`tag_count - (select count(*) from tag where tag.repository_id = repository.id and ${dead})`,
      })
      .where(sql`${repository.id} in (select tag.repository_id from tag where ${dead})`),
    store.delete(tag).where(dead),
  ]
}
