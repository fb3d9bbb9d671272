import { RegistryError } from '../../errors.ts'
import type { Settings } from '../../settings.ts'
import type { Namespace, Repository } from '../../store/rights.ts'
import { commit, type Rows, retrying, type Store } from '../../store/store.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { carryOut, instantFor, seeTag, tagReads } from './tagState.ts'

export interface Deletion extends Origin {
  namespace: Namespace
  repository: Repository
  name: string
  settings: Settings
}

/**
 * Ends a tag; its history stays. @throws `tag_unknown`, `tag_immutable`
 * @param firstRead what `tagReads` found, where the request has read it already
 */
export async function deleteTag(
  store: Store,
  change: Deletion,
  firstRead?: Rows<ReturnType<typeof tagReads>>,
): Promise<void> {
  const { namespace, repository, name, actor, now, settings } = change
  await retrying(async (attempt) => {
    const rows = (attempt === 0 ? firstRead : undefined) ?? (await store.batch(tagReads(store, repository.id, name)))
    const seen = seeTag(repository.id, name, rows, now)
    if (!seen.live) throw new RegistryError('tag_unknown', `no tag ${name}`)
    if (settings.FEATURE_IMMUTABLE_TAGS && seen.live.immutable) {
      throw new RegistryError('tag_immutable', `Cannot delete immutable tag '${name}'`)
    }
    await commit(store, [
      ...carryOut(store, seen, { ends: {} }, instantFor(seen, now)),
      recordEvent(store, change, {
        kind: 'delete_tag',
        namespaceId: namespace.id,
        repositoryId: repository.id,
        metadata: {
          username: actor?.account.username ?? null,
          repo: repository.name,
          namespace: namespace.username,
          tag: name,
        },
      }),
    ])
  })
}
