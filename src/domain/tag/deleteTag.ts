import { and, eq } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { Settings } from '../../settings.ts'
import type { Namespace, Repository } from '../../store/rights.ts'
import { tagPulls } from '../../store/schema.ts'
import { commit, type Rows, retrying, type Store } from '../../store/store.ts'
import { type RepositoryId, signaturesOf } from '../../store/tags.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { carryOut, instantFor, seeLive, seeTag, tagReads } from './tagState.ts'

export interface Deletion extends Origin {
  namespace: Namespace
  repository: Repository
  name: string
  settings: Settings
  /** What the log says, where it is not what Quay's API says. */
  metadata?: Record<string, unknown>
}

/** What `deleteTag` has to know; a request reads it along with the caller's rights. */
export const deletionReads = (store: Store, repositoryId: RepositoryId, name: string, now: Date) =>
  [...tagReads(store, repositoryId, name), signaturesOf(store, repositoryId, name, now)] as const

/**
 * Ends a tag; its history stays. Where no other name keeps its manifest, Cosign's tags on it end too, unless they are
 * immutable. @throws `tag_unknown`, `tag_immutable`
 * @param firstRead what `deletionReads` found, where the request has read it already
 */
export async function deleteTag(
  store: Store,
  change: Deletion,
  firstRead?: Rows<ReturnType<typeof deletionReads>>,
): Promise<void> {
  const { namespace, repository, name, actor, now, settings } = change
  await retrying(async (attempt) => {
    const known = attempt === 0 ? firstRead : undefined
    const [row, last, signatures] = known ?? (await store.batch(deletionReads(store, repository.id, name, now)))
    const seen = seeTag(repository.id, name, [row, last], now)
    if (!seen.live) throw new RegistryError('tag_unknown', `no tag ${name}`)
    if (settings.FEATURE_IMMUTABLE_TAGS && seen.live.immutable) {
      throw new RegistryError('tag_immutable', `Cannot delete immutable tag '${name}'`)
    }
    const ending = [
      seen,
      ...signatures.filter((s) => !(settings.FEATURE_IMMUTABLE_TAGS && s.immutable)).map((s) => seeLive(s)),
    ]
    await commit(store, [
      ...ending.flatMap((one) => [
        ...carryOut(store, one, { ends: {} }, instantFor(one, now)),
        store.delete(tagPulls).where(and(eq(tagPulls.repositoryId, repository.id), eq(tagPulls.name, one.name))),
      ]),
      recordEvent(store, change, {
        kind: 'delete_tag',
        namespaceId: namespace.id,
        repositoryId: repository.id,
        metadata: change.metadata ?? {
          username: actor?.account.username ?? null,
          repo: repository.name,
          namespace: namespace.username,
          tag: name,
        },
      }),
    ])
  })
}
