import { eq, sql } from 'drizzle-orm'
import type { RowId } from '../../store/columns.ts'
import { reviveManifest } from '../../store/manifests.ts'
import { reusable } from '../../store/reusable.ts'
import { tag, tagRevision } from '../../store/schema.ts'
import { guard, type Statement, type Store } from '../../store/store.ts'
import { addMeaning, addTag, endMeaning, type Meaning, noteTagChange, pointTag } from '../../store/tagChanges.ts'
import { lastRevision, type NamedTag, type RepositoryId, type TagRevision, tagNamed } from '../../store/tags.ts'

/** What the store holds of a name at the moment of a decision. */
export interface SeenTag {
  repositoryId: number
  name: string
  /** What the name means now. */
  live: NamedTag | undefined
  /** A row whose planned end has passed, and that nobody has taken away yet. */
  expired: NamedTag | undefined
  last: TagRevision | undefined
}

/** What has to be read before anything is decided about a name; `seeTag` reads the rows. */
export const tagReads = (store: Store, repositoryId: RepositoryId, name: string) =>
  [tagNamed(store, repositoryId, name), lastRevision(store, repositoryId, name)] as const

export function seeTag(
  repositoryId: number,
  name: string,
  [[row], [last]]: readonly [readonly NamedTag[], readonly TagRevision[]],
  now: Date,
): SeenTag {
  const isDead = row?.expiresAt && row.expiresAt <= now
  return { repositoryId, name, live: isDead ? undefined : row, expired: isDead ? row : undefined, last }
}

/** The same of a row that is known to be live, whose latest meaning is then its present one. */
export const seeLive = (live: NamedTag): SeenTag => ({
  repositoryId: live.repositoryId,
  name: live.name,
  live,
  expired: undefined,
  last: {
    id: live.revisionId,
    repositoryId: live.repositoryId,
    name: live.name,
    manifestId: live.manifestId,
    startedAt: live.startedAt,
    expiresAt: live.expiresAt,
    endedAt: null,
    cause: live.cause,
    immutable: live.immutable,
  },
})

/** A new meaning of a name. */
export interface NextMeaning extends Pick<Meaning, 'manifestId' | 'cause' | 'expiresAt' | 'immutable'> {
  /** An image that clients see: nothing has to be brought back with the name, as long as that stays so. */
  isShown?: boolean
}

/** What becomes of a name: how its present meaning changes, whether it ends, and what it means next. */
export interface TagPlan {
  /** Of the present meaning, whether it ends or not. */
  changes?: { expiresAt?: Date | null; immutable?: boolean }
  /** The present meaning ends; `at` may lie in the past, to take it out of the time machine. */
  ends?: { at?: Date }
  next?: NextMeaning
}

/** An instant later than anything the name's history holds, so that no two meanings of it overlap or share a start. */
export function instantFor(seen: SeenTag, now: Date): Date {
  const { last } = seen
  if (!last) return now
  const ended = last.endedAt ?? seen.expired?.expiresAt
  const earliest = Math.max(last.startedAt.getTime() + 1, ended && ended > last.startedAt ? ended.getTime() : 0)
  return earliest > now.getTime() ? new Date(earliest) : now
}

/**
 * The statements that carry out a plan, behind a guard that the name is still what was seen. They raise the repository's
 * generation and keep its tag count; the event is the caller's.
 */
export function carryOut(store: Store, seen: SeenTag, plan: TagPlan, at: Date): Statement[] {
  const { repositoryId, name, live, expired, last } = seen
  const row = live ?? expired
  const { isShown = false, ...next } = plan.next ?? ({} as Partial<NextMeaning>)
  const statements: Statement[] = [guardUnchanged(store, seen, isShown ? next.manifestId : undefined)]

  if (live && plan.changes) {
    statements.push(store.update(tagRevision).set(plan.changes).where(eq(tagRevision.id, live.revisionId)))
    if (!plan.ends && !plan.next) statements.push(store.update(tag).set(plan.changes).where(eq(tag.id, live.id)))
  }
  const endedAt = expired ? expired.expiresAt : (plan.ends?.at ?? at)
  const lifeEnds = expired || (live && plan.ends && !plan.next)
  if (last && row && (lifeEnds || plan.next)) statements.push(endMeaning(store, row.revisionId, endedAt))
  if (row && lifeEnds) statements.push(store.delete(tag).where(eq(tag.id, row.id)))

  if (plan.next) {
    const meaning = { repositoryId, name, ...(next as NextMeaning), startedAt: at }
    statements.push(addMeaning(store, meaning), live ? pointTag(store, meaning) : addTag(store, meaning))
  }
  // A name that comes back brings its manifest back with it; a push has seen to that itself.
  if (plan.next && plan.next.cause !== 'push' && !isShown)
    statements.push(...reviveManifest(store, repositoryId, plan.next.manifestId))
  const before = row ? 1 : 0
  const after = plan.next || (live && !plan.ends) ? 1 : 0
  statements.push(noteTagChange(store, repositoryId, at, after - before))
  return statements
}

/** Fails the batch unless the name is still what was seen, and clients still see the manifest `shownId`. */
export const guardUnchanged = reusable(
  ({ repositoryId, name, live, expired, last }: SeenTag, shownId?: RowId) => {
    const row = live ?? expired
    const signature = row ? `${row.revisionId}:${row.immutable ? 1 : 0}:${row.expiresAt?.getTime() ?? ''}` : null
    return { repositoryId, name, signature, lastId: last?.id ?? null, shownId: shownId ?? undefined }
  },
  // It still means what was seen, the same way, and had no other meaning since; the repository is still there.
  (store, { repositoryId, name, signature, lastId, shownId }) =>
    guard(
      store,
      sql`
    (select revision_id || ':' || immutable || ':' || coalesce(expires_at, '') from tag
     where repository_id = ${repositoryId} and name = ${name}) is ${signature}
    and (select id from tag_revision where repository_id = ${repositoryId} and name = ${name}
         order by started_at desc, id desc limit 1) is ${lastId}
    and exists (select 1 from repository where id = ${repositoryId} and deleted_at is null)
    ${shownId ? sql`and exists (select 1 from manifest where id = ${shownId} and deleted_at is null)` : sql``}`,
    ),
)
