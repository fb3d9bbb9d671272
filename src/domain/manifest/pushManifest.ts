import { RegistryError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { blobsIn } from '../../store/blobs.ts'
import { childrenIn, manifestIdOf, pushedBefore } from '../../store/manifests.ts'
import { guardRules, immutabilityRules } from '../../store/policies.ts'
import type { Namespace, Repository } from '../../store/rights.ts'
import { commit, type Rows, retrying, type Statement, type Store } from '../../store/store.ts'
import type { RepositoryId } from '../../store/tags.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { trackedMetadata } from '../event/trackedMetadata.ts'
import { lifeOf } from '../tag/immutability.ts'
import { policyEvent } from '../tag/retargetTag.ts'
import { carryOut, instantFor, type SeenTag, seeTag, tagReads } from '../tag/tagState.ts'
import { expiryLabel, expiryOf, imageLabels, saysImmutable } from './imageLabels.ts'
import { neededDigests, type ParsedManifest } from './parseManifest.ts'
import { storeManifest } from './storeManifest.ts'

/** A manifest as it came, and the names that are to mean it. */
export interface Pushed {
  digest: string
  bytes: Uint8Array
  manifest: ParsedManifest
  tags: readonly string[]
}

export interface Push extends Origin, Pushed {
  namespace: Namespace
  repository: Repository
  userAgent: string
}

/** What a push has to know; a request reads it along with the caller's rights. Two statements for each tag follow. */
export const pushReads = (
  store: Store,
  repositoryId: RepositoryId,
  namespaceId: RepositoryId,
  { digest, manifest, tags }: Pick<Pushed, 'digest' | 'manifest' | 'tags'>,
) =>
  [
    pushedBefore(store, repositoryId, digest),
    blobsIn(store, repositoryId, neededDigests(manifest)),
    childrenIn(
      store,
      repositoryId,
      manifest.children.map((child) => child.digest),
    ),
    immutabilityRules(store, namespaceId, repositoryId),
    ...tags.flatMap((name) => tagReads(store, repositoryId, name)),
  ] as const

type PushRows = Rows<ReturnType<typeof pushReads>>

/**
 * Stores a manifest with what it leads to, and points tags at it, all in one batch with its events.
 * @throws `manifest_blob_unknown` for what it names and the repository lacks, `tag_immutable`
 */
export async function pushManifest(services: Services, push: Push, firstRead?: PushRows): Promise<void> {
  const { store, settings } = services
  const { repository, namespace, manifest, tags, digest, now } = push
  await retrying(async (attempt) => {
    const known = attempt === 0 ? firstRead : undefined
    const rows = known ?? (await store.batch(pushReads(store, repository.id, namespace.id, push)))
    const [[existing], blobs, children, rules, ...tagRows] = rows
    requireBlobs(manifest, blobs, settings)
    const absent = manifest.children.find((child) => !children.some((row) => row.digest === child.digest))
    if (absent && !settings.FEATURE_SPARSE_INDEX) {
      throw new RegistryError('manifest_blob_unknown', 'the index names a manifest that the repository lacks', {
        detail: { digest: absent.digest },
      })
    }
    const seen = tags.map((name, i) => seeTag(repository.id, name, [tagRows[2 * i], tagRows[2 * i + 1]] as never, now))
    for (const tag of seen) refuseImmutable(tag, settings.FEATURE_IMMUTABLE_TAGS)

    const configBlob = blobs.find((row) => row.digest === manifest.config?.digest)
    const labels = existing ? {} : await imageLabels(services.blobs, manifest, configBlob)
    const life =
      existing ??
      (manifest.isIndex
        ? indexLife(manifest, children)
        : { expiresAfterSeconds: expiryOf(labels), immutableLabel: saysImmutable(labels) })
    const manifestId = existing?.id ?? manifestIdOf(repository.id, digest)
    const stored = await storeManifest(services, push, { existing, blobs, children, labels, ...life })
    const tagging = seen.flatMap((tag) => {
      const at = instantFor(tag, now)
      const { byPolicy, ...meaning } = lifeOf(tag.name, life, rules, at, settings)
      const next = { manifestId, cause: 'push' as const, ...meaning }
      return [
        ...carryOut(store, tag, { next }, at),
        ...(byPolicy ? [policyEvent(store, { ...push, name: tag.name })] : []),
      ]
    })
    await commit(store, [
      guardRules(store, namespace.id, repository.id, rules),
      ...stored,
      ...tagging,
      ...pushEvents(store, push),
    ])
  })
}

function requireBlobs(
  manifest: ParsedManifest,
  found: readonly { digest: string; sizeBytes: number }[],
  settings: Services['settings'],
): void {
  const sizes = new Map(found.map((row) => [row.digest, row.sizeBytes]))
  // The labels stand in the config: without it nobody knows how long a tag lives.
  const required = settings.FEATURE_SPARSE_IMAGE ? [manifest.config?.digest ?? []].flat() : neededDigests(manifest)
  const missing = required.find((digest) => !sizes.has(digest))
  if (missing !== undefined) {
    throw new RegistryError('manifest_blob_unknown', 'blob unknown to registry', { detail: { digest: missing } })
  }
  const wrong = [...(manifest.config ? [manifest.config] : []), ...manifest.layers].find(
    ({ digest, size }) => sizes.has(digest) && sizes.get(digest) !== size,
  )
  if (wrong) throw new RegistryError('manifest_invalid', `${wrong.digest} is not ${wrong.size} bytes long`)
}

function refuseImmutable({ name, live }: SeenTag, isOn: boolean): void {
  if (!isOn || !live?.immutable) return
  throw new RegistryError('tag_immutable', 'tag is immutable and cannot be overwritten', {
    detail: { message: `tag '${name}' is immutable` },
  })
}

/** An index lives as long as its own annotation says, or as all of its children that are here agree on. */
function indexLife(
  { annotations }: ParsedManifest,
  children: readonly { expiresAfterSeconds: number | null; immutableLabel: boolean }[],
) {
  const [first] = children
  const agreed = children.every((child) => child.expiresAfterSeconds === first?.expiresAfterSeconds)
  const common = agreed ? (first?.expiresAfterSeconds ?? null) : null
  return {
    expiresAfterSeconds: annotations && expiryLabel in annotations ? expiryOf(annotations) : common,
    immutableLabel: children.length > 0 && children.every((child) => child.immutableLabel),
  }
}

function pushEvents(store: Store, push: Push): Statement[] {
  const { namespace, repository, manifest, tags } = push
  const line = (tag?: string) =>
    recordEvent(store, push, {
      kind: 'push_repo',
      namespaceId: namespace.id,
      repositoryId: repository.id,
      metadata: { ...trackedMetadata(push), ...(tag !== undefined && { tag }), mediaType: manifest.mediaType },
    })
  return tags.length === 0 ? [line()] : tags.map((tag) => line(tag))
}
