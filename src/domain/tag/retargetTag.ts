import type { SQL } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { Settings } from '../../settings.ts'
import type { FoundManifest } from '../../store/manifests.ts'
import { manifestByDigest } from '../../store/manifests.ts'
import { guardRules, immutabilityRules } from '../../store/policies.ts'
import type { Namespace, Repository } from '../../store/rights.ts'
import { commit, type Rows, retrying, type Store } from '../../store/store.ts'
import type { RepositoryId, TagRevision } from '../../store/tags.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { lifeOf } from './immutability.ts'
import { carryOut, instantFor, type SeenTag, seeTag, tagReads } from './tagState.ts'

export interface Retarget extends Origin {
  namespace: Namespace
  repository: Repository
  name: string
  digest: string
  settings: Settings
  /** A name that is alive is left alone. */
  mustBeNew?: boolean
  /** `restore` also finds manifests that no live tag leads to any more. */
  cause: Extract<TagRevision['cause'], 'move' | 'restore'>
}

/** What `retargetTag` has to know; a request reads it along with the caller's rights. */
export const retargetReads = (
  store: Store,
  repositoryId: RepositoryId,
  namespaceId: RepositoryId,
  name: string,
  digest: string | SQL<string>,
  now: Date,
) =>
  [
    ...tagReads(store, repositoryId, name),
    manifestByDigest(store, repositoryId, digest, now),
    immutabilityRules(store, namespaceId, repositoryId),
  ] as const

export type RetargetRows = Rows<ReturnType<typeof retargetReads>>

/**
 * Points a tag at a manifest; what it meant before stays in its history. The same manifest again is a new meaning too.
 * @throws `manifest_unknown`, `tag_immutable`, `tag_exists`
 * @param firstRead what `retargetReads` found, where the request has read it already
 */
export async function retargetTag(store: Store, change: Retarget, firstRead?: RetargetRows): Promise<void> {
  const { namespace, repository, name, digest, now } = change
  await retrying(async (attempt) => {
    const known = attempt === 0 ? firstRead : undefined
    const rows = known ?? (await store.batch(retargetReads(store, repository.id, namespace.id, name, digest, now)))
    const seen = seeTag(repository.id, name, [rows[0], rows[1]], now)
    if (change.mustBeNew && seen.live) throw new RegistryError('tag_exists', `tag ${name} already exists`)
    const at = instantFor(seen, now)
    const { next, byPolicy } = planRetarget(seen, change, rows, at)
    await commit(store, [
      guardRules(store, namespace.id, repository.id, rows[3]),
      ...carryOut(store, seen, { next }, at),
      ...retargetEvents(store, change, seen, byPolicy),
    ])
  })
}

/** What the name means from `at` on, and whether a policy makes it immutable. @throws `manifest_unknown`, `tag_immutable` */
export function planRetarget(seen: SeenTag, change: Retarget, [, , [manifest], rules]: RetargetRows, at: Date) {
  const target = decideRetarget(seen, manifest, change.cause, change.settings)
  const { byPolicy, ...life } = lifeOf(seen.name, target, rules, at, change.settings)
  const isShown = target.deletedAt === null && !target.isIndex
  return { next: { manifestId: target.id, cause: change.cause, isShown, ...life }, byPolicy }
}

/** The log's lines of a move or a restoration. */
export const retargetEvents = (store: Store, change: Retarget, seen: SeenTag, byPolicy: boolean) => [
  retargetEvent(store, change, seen),
  ...(byPolicy ? [policyEvent(store, change)] : []),
]

/** The rules alone. @throws `manifest_unknown`, `tag_immutable` */
export function decideRetarget(
  seen: SeenTag,
  manifest: FoundManifest | undefined,
  cause: Retarget['cause'],
  settings: Settings,
): FoundManifest {
  if (!manifest || (cause === 'move' && !manifest.isReachable)) {
    throw new RegistryError('manifest_unknown', 'no live manifest of this digest in this repository')
  }
  if (settings.FEATURE_IMMUTABLE_TAGS && seen.live?.immutable) {
    throw new RegistryError('tag_immutable', `Cannot overwrite immutable tag '${seen.name}'`)
  }
  return manifest
}

function retargetEvent(store: Store, change: Retarget, { live }: SeenTag) {
  const { namespace, repository, name, digest, actor, cause } = change
  const common = { username: actor?.account.username ?? null, repo: repository.name, tag: name }
  const moved = {
    ...common,
    namespace: namespace.username,
    manifest_digest: digest,
    original_manifest_digest: live?.digest ?? null,
  }
  const where = { namespaceId: namespace.id, repositoryId: repository.id }
  if (cause === 'restore') {
    return recordEvent(store, change, {
      kind: 'revert_tag',
      ...where,
      metadata: { ...common, manifest_digest: digest },
    })
  }
  return recordEvent(store, change, { kind: live ? 'move_tag' : 'create_tag', ...where, metadata: moved })
}

/** The log's line for a tag that a policy made immutable. */
export const policyEvent = (
  store: Store,
  { namespace, repository, name, ip, now }: Pick<Retarget, 'namespace' | 'repository' | 'name' | 'ip' | 'now'>,
) =>
  recordEvent(
    store,
    { actor: undefined, ip, now },
    {
      kind: 'tag_made_immutable_by_policy',
      namespaceId: namespace.id,
      repositoryId: repository.id,
      metadata: { tag: name, repo: repository.name, namespace: namespace.username, immutable: true },
    },
  )
