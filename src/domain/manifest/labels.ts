import { eq, sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { ManifestLabel } from '../../store/labels.ts'
import type { FoundManifest } from '../../store/manifests.ts'
import type { Namespace, Repository } from '../../store/rights.ts'
import { manifestLabel, repository as repositories } from '../../store/schema.ts'
import { commit, type Store } from '../../store/store.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { labelMediaType } from './imageLabels.ts'

interface LabelChange extends Origin {
  namespace: Namespace
  repository: Repository
}

export interface NewLabel {
  key: string
  value: string
  /** Found out from the value where it is null. */
  mediaType: ManifestLabel['mediaType'] | null
}

/** Keys that begin so mean something to a tool or to this registry; the last five have no dot after them. */
const reservedPrefixes = [
  'com.docker.',
  'io.docker.',
  'org.dockerproject.',
  'org.opencontainers.',
  'io.cncf.',
  'io.kubernetes.',
  'io.k8s.',
  'io.quay',
  'com.coreos',
  'com.tectonic',
  'internal',
  'quay',
]
const keyLengthMax = 255
const keyExpression = '^[a-z0-9](([a-z0-9]|[-.](?![.-]))*[a-z0-9])?$'
// The same language without the nested choice, which a backtracking engine may try in many ways.
const keyPattern = /^[a-z0-9]+(?:[-.][a-z0-9]+)*$/

/** @throws `rule` for a key that only manifests themselves may carry */
export function refuseReserved(key: string): void {
  if (reservedPrefixes.some((prefix) => key.startsWith(prefix))) {
    throw new RegistryError('rule', 'Label has a reserved prefix')
  }
}

/** Puts a label on a manifest; a key may be there already, with another id. @throws `rule` */
export async function addLabel(
  store: Store,
  change: LabelChange,
  manifest: FoundManifest,
  { key, value, mediaType }: NewLabel,
): Promise<Pick<ManifestLabel, 'uuid' | 'key' | 'value' | 'sourceType' | 'mediaType'>> {
  if (key.length > keyLengthMax || !keyPattern.test(key)) {
    throw new RegistryError(
      'rule',
      `Label is of an invalid format or missing please use ${keyExpression} format for labels`,
    )
  }
  const label = {
    uuid: crypto.randomUUID(),
    key,
    value,
    sourceType: 'api' as const,
    mediaType: mediaType ?? labelMediaType(value),
  }
  await commit(store, [
    store.insert(manifestLabel).values({ ...label, manifestId: manifest.id }),
    raiseGeneration(store, change),
    labelEvent(store, change, 'manifest_label_add', manifest, label, { media_type: label.mediaType }),
  ])
  return label
}

/** Takes a label off a manifest. @throws `rule` for a label that came with the manifest */
export async function removeLabel(
  store: Store,
  change: LabelChange,
  manifest: FoundManifest,
  label: ManifestLabel,
): Promise<void> {
  if (label.sourceType === 'manifest') throw new RegistryError('rule', 'Cannot delete immutable label')
  await commit(store, [
    store.delete(manifestLabel).where(eq(manifestLabel.id, label.id)),
    raiseGeneration(store, change),
    labelEvent(store, change, 'manifest_label_delete', manifest, label),
  ])
}

const raiseGeneration = (store: Store, { repository }: LabelChange) =>
  store.update(repositories).set({ generation: sql`generation + 1` }).where(eq(repositories.id, repository.id))

const labelEvent = (
  store: Store,
  change: LabelChange,
  kind: string,
  { digest }: FoundManifest,
  { uuid, key, value }: Pick<ManifestLabel, 'uuid' | 'key' | 'value'>,
  more: Record<string, unknown> = {},
) =>
  recordEvent(store, change, {
    kind,
    namespaceId: change.namespace.id,
    repositoryId: change.repository.id,
    metadata: {
      id: uuid,
      key,
      value,
      manifest_digest: digest,
      ...more,
      namespace: change.namespace.username,
      repo: change.repository.name,
    },
  })
