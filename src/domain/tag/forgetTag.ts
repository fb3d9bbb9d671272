import { and, eq, sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { Settings } from '../../settings.ts'
import { manifestByDigest } from '../../store/manifests.ts'
import type { Namespace, Repository } from '../../store/rights.ts'
import { repository as repositories, tag, tagPulls, tagRevision } from '../../store/schema.ts'
import { commit, type Rows, retrying, type Statement, type Store } from '../../store/store.ts'
import { deadRevisions, type RepositoryId } from '../../store/tags.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { carryOut, guardUnchanged, instantFor, type SeenTag, seeTag, tagReads } from './tagState.ts'

export interface Forgetting extends Origin {
  namespace: Namespace
  repository: Repository
  name: string
  /** The live tag; or else what the name meant before, of this manifest. */
  target: 'live' | { digest: string }
  settings: Settings
}

/** Dead meanings that one request takes out of the time machine. */
const revisionsMax = 10_000

/** What `forgetTag` has to know; a request reads it along with the caller's rights. */
export const forgettingReads = (
  store: Store,
  repositoryId: RepositoryId,
  name: string,
  digest: string | undefined,
  now: Date,
) =>
  [
    ...tagReads(store, repositoryId, name),
    manifestByDigest(store, repositoryId, digest ?? '', now),
    deadRevisions(store, repositoryId, name, digest ?? '', now, revisionsMax),
  ] as const

type Known = Rows<ReturnType<typeof forgettingReads>>

/**
 * Takes a tag, or what it meant before, out of the time machine: the end of each is moved out of the window in which it
 * can be brought back, and garbage collection does the rest. @throws `tag_unknown`, also where there is nothing to do
 * @param firstRead what `forgettingReads` found, where the request has read it already
 */
export async function forgetTag(store: Store, change: Forgetting, firstRead?: Known): Promise<void> {
  const { repository, name, target, now } = change
  const digest = target === 'live' ? undefined : target.digest
  await retrying(async (attempt) => {
    const known = attempt === 0 ? firstRead : undefined
    const rows = known ?? (await store.batch(forgettingReads(store, repository.id, name, digest, now)))
    const seen = seeTag(repository.id, name, [rows[0], rows[1]], now)
    const { statements, digest: forgotten } =
      target === 'live' ? forgetLive(store, change, seen) : forgetDead(store, change, seen, rows)
    await commit(store, [
      ...statements,
      store.delete(tagPulls).where(and(eq(tagPulls.repositoryId, repository.id), eq(tagPulls.name, name))),
      forgettingEvent(store, change, forgotten),
    ])
  })
}

interface Plan {
  statements: Statement[]
  digest: string
}

const windowOf = ({ namespace }: Forgetting) => namespace.tagExpirationSeconds * 1000

function forgetLive(store: Store, change: Forgetting, seen: SeenTag): Plan {
  const { now, settings, name } = change
  const { live } = seen
  if (!live || (settings.FEATURE_IMMUTABLE_TAGS && live.immutable)) throw unknown(name)
  const at = new Date(now.getTime() - windowOf(change))
  return { statements: carryOut(store, seen, { ends: { at } }, instantFor(seen, now)), digest: live.digest }
}

function forgetDead(store: Store, change: Forgetting, seen: SeenTag, [, , [manifest], dead]: Known): Plan {
  const { now, settings, name, repository, target } = change
  const horizon = now.getTime() - windowOf(change)
  const forgettable = dead.filter(
    ({ endedAt, expiresAt, immutable }) =>
      (endedAt ?? expiresAt ?? now).getTime() > horizon && !(settings.FEATURE_IMMUTABLE_TAGS && immutable),
  )
  if (!manifest || forgettable.length === 0) throw unknown(name)
  const ends = Object.fromEntries(forgettable.map(({ id }, i) => [id, horizon - i - 1]))
  const ids = sql`(select cast(key as integer) from json_each(${JSON.stringify(ends)}))`
  const { expired } = seen
  return {
    statements: [
      guardUnchanged(store, seen),
      store
        .update(tagRevision)
        .set({ endedAt: sql`(select e.value from json_each(${JSON.stringify(ends)}) e where e.key = tag_revision.id)` })
        .where(sql`${tagRevision.id} in ${ids}`),
      ...(expired && expired.revisionId in ends ? [store.delete(tag).where(eq(tag.id, expired.id))] : []),
      store
        .update(repositories)
        .set({
          generation: sql`generation + 1`,
          updatedAt: now,
          ...(expired && expired.revisionId in ends && { tagCount: sql`tag_count - 1` }),
        })
        .where(eq(repositories.id, repository.id)),
    ],
    digest: target === 'live' ? '' : target.digest,
  }
}

const unknown = (name: string) => new RegistryError('tag_unknown', `nothing of tag ${name} can be forgotten`)

const forgettingEvent = (store: Store, change: Forgetting, digest: string) =>
  recordEvent(store, change, {
    kind: 'permanently_delete_tag',
    namespaceId: change.namespace.id,
    repositoryId: change.repository.id,
    metadata: {
      username: change.actor?.account.username ?? null,
      repo: change.repository.name,
      namespace: change.namespace.username,
      tag: change.name,
      manifest_digest: digest,
    },
  })
