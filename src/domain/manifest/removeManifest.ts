import { eq, sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { Settings } from '../../settings.ts'
import { setPresence, tagsOn, visibleByDigest } from '../../store/manifests.ts'
import type { Namespace, Repository } from '../../store/rights.ts'
import { manifest, repository, tag, tagPulls, tagRevision } from '../../store/schema.ts'
import { commit, guard, type Rows, retrying, type Store } from '../../store/store.ts'
import type { RepositoryId } from '../../store/tags.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'

export interface Removal extends Origin {
  namespace: Namespace
  repository: Repository
  digest: string
  settings: Settings
  /** What the log says besides the tag and the digest. */
  metadata: Record<string, unknown>
}

/** What `removeManifest` has to know; a request reads it along with the caller's rights. */
export const removalReads = (store: Store, repositoryId: RepositoryId, digest: string) =>
  [visibleByDigest(store, repositoryId, digest), tagsOn(store, repositoryId, digest)] as const

/**
 * Takes a manifest away from clients, and ends every tag on it. Their history stays, so a tag can be restored until the
 * time machine forgets it. @throws `manifest_unknown`, `tag_immutable`
 */
export async function removeManifest(
  store: Store,
  change: Removal,
  firstRead?: Rows<ReturnType<typeof removalReads>>,
): Promise<void> {
  const { namespace, digest, now, settings, metadata } = change
  const repositoryId = change.repository.id
  await retrying(async (attempt) => {
    const known = attempt === 0 ? firstRead : undefined
    const [[found], tags] = known ?? (await store.batch(removalReads(store, repositoryId, digest)))
    if (!found) throw new RegistryError('manifest_unknown', 'manifest unknown', { detail: { digest } })
    const live = tags.filter(({ expiresAt }) => !expiresAt || expiresAt > now)
    const immutable = settings.FEATURE_IMMUTABLE_TAGS ? live.find((row) => row.immutable) : undefined
    if (immutable) {
      throw new RegistryError('tag_immutable', 'tag is immutable and cannot be deleted', {
        detail: { message: `tag '${immutable.name}' is immutable` },
      })
    }
    const names = JSON.stringify(tags.map(({ name }) => name))
    const line = (name?: string) =>
      recordEvent(store, change, {
        kind: 'delete_tag',
        namespaceId: namespace.id,
        repositoryId,
        metadata: { ...metadata, ...(name !== undefined && { tag: name }), digest },
      })
    await commit(store, [
      guard(
        store,
        sql`${signature(found.id)} = ${JSON.stringify(tags.map(({ id, immutable: i }) => [id, i ? 1 : 0]))}`,
      ),
      store
        .update(tagRevision)
        .set({
          endedAt: sql`case when expires_at <= ${now.getTime()} then expires_at else max(cast(${now.getTime()} as integer), started_at + 1) end`,
        })
        .where(sql`id in (select revision_id from tag where manifest_id = ${found.id})`),
      store
        .delete(tagPulls)
        .where(sql`repository_id = ${repositoryId} and name in (select value from json_each(${names}))`),
      store.delete(tag).where(eq(tag.manifestId, found.id)),
      store.update(manifest).set({ deletedAt: now }).where(eq(manifest.id, found.id)),
      setPresence(store, repositoryId, digest, false),
      store
        .update(repository)
        .set({
          generation: sql`generation + 1`,
          updatedAt: now,
          tagCount: sql`tag_count - ${sql.raw(String(tags.length))}`,
        })
        .where(eq(repository.id, repositoryId)),
      ...(live.length === 0 ? [line()] : live.map(({ name }) => line(name))),
    ])
  })
}

/** Which tags are on a manifest, as text that two reads can be compared by. */
const signature = (manifestId: number) => sql`(
  select json_group_array(json_array(t.id, t.immutable)) from (
    select id, immutable from tag where manifest_id = ${manifestId} order by id) t)`
