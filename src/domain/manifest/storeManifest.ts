import { eq, sql } from 'drizzle-orm'
import type { Services } from '../../services.ts'
import type { Blob } from '../../store/blobs.ts'
import { indexedBytes, manifestIdOf, type PushedBefore, setPresence } from '../../store/manifests.ts'
import { absentBlob, manifest, manifestBlob, manifestChild, manifestLabel, repository } from '../../store/schema.ts'
import { guard, type Statement, type Store } from '../../store/store.ts'
import { labelMediaType } from './imageLabels.ts'
import { neededDigests } from './parseManifest.ts'
import type { Push } from './pushManifest.ts'

/** Longer ones lie in the blob store: a row of D1 holds 2 MB at most, and reads of the rest stay light. */
const rowBytesMax = 512 * 1024

interface Found {
  existing: PushedBefore | undefined
  blobs: readonly Blob[]
  children: readonly { id: number; digest: string }[]
  labels: Record<string, string>
  expiresAfterSeconds: number | null
  immutableLabel: boolean
}

/** The statements that keep a manifest and all that it leads to, to run in the batch of its push. */
export async function storeManifest({ store, blobs }: Services, push: Push, found: Found): Promise<Statement[]> {
  const {
    repository: { id: repositoryId },
    tags,
    digest,
    bytes,
  } = push
  const manifestId = manifestIdOf(repositoryId, digest)
  const blobIds = JSON.stringify(found.blobs.map(({ id }) => id))
  const childIds = JSON.stringify(found.children.map(({ id }) => id))
  const raised = tags.length > 0 ? [] : [raiseGeneration(store, repositoryId)]
  const isThere = guard(
    store,
    sql`(select count(*) from json_each(${blobIds}) j join repository_blob l on l.blob_id = j.value and l.repository_id = ${repositoryId} and l.deleted_at is null) = ${found.blobs.length}
      and (select count(*) from json_each(${childIds}) j join manifest m on m.id = j.value and m.deleted_at is null) = ${found.children.length}
      and exists (select 1 from repository where id = ${repositoryId} and deleted_at is null)`,
  )
  if (found.existing) {
    const { id, deletedAt } = found.existing
    const isKept = guard(store, sql`exists (select 1 from manifest where id = ${id})`)
    const again = store.update(manifest).set({ createdAt: push.now, deletedAt: null }).where(eq(manifest.id, id))
    const present = deletedAt ? [setPresence(store, repositoryId, digest, true)] : []
    return [isThere, isKept, again, ...present, ...raised]
  }

  const contentKey = bytes.length > rowBytesMax ? `manifests/${crypto.randomUUID()}` : null
  if (contentKey) await blobs.put(contentKey, bytes)
  return [
    isThere,
    guard(store, sql`not exists (select 1 from manifest where repository_id = ${repositoryId} and digest = ${digest})`),
    addBytes(store, repositoryId, blobIds),
    store.insert(manifest).values(rowOf(push, found, contentKey)),
    store
      .insert(manifestBlob)
      .select(sql`select ${manifestId}, j.value, ${repositoryId} from json_each(${blobIds}) j where true`)
      .onConflictDoNothing(),
    ...absentStatements(store, push, found.blobs),
    ...childStatements(store, push),
    ...labelStatements(store, repositoryId, digest, found.labels),
    setPresence(store, repositoryId, digest, true),
    ...raised,
  ]
}

function rowOf(
  { repository: { id: repositoryId }, digest, bytes, manifest: parsed, now }: Push,
  found: Found,
  contentKey: string | null,
) {
  const { config, layers, isIndex } = parsed
  const layersSizeBytes = isIndex ? null : layers.reduce((sum, { size }) => sum + size, 0)
  const present = new Set(found.children.map((child) => child.digest))
  return {
    repositoryId,
    digest,
    mediaType: parsed.mediaType,
    artifactType: parsed.artifactType ?? null,
    schemaVersion: 2,
    content: contentKey ? null : parsed.content,
    contentKey,
    sizeBytes: bytes.length,
    isIndex,
    configDigest: config?.digest ?? null,
    configMediaType: config?.mediaType ?? null,
    configSizeBytes: config?.size ?? null,
    layersSizeBytes,
    contentSizeBytes: (layersSizeBytes ?? 0) + (config?.size ?? 0),
    children: isIndex
      ? parsed.children.map((child) => ({ digest: child.digest, present: present.has(child.digest) }))
      : null,
    subjectDigest: parsed.subject?.digest ?? null,
    annotations: parsed.annotations ?? null,
    expiresAfterSeconds: found.expiresAfterSeconds,
    immutableLabel: found.immutableLabel,
    createdAt: now,
  }
}

/** Blobs that no manifest of the repository needed before count from now on. Comes before the manifest's own rows. */
const addBytes = (store: Store, repositoryId: number, blobIds: string) =>
  store
    .update(repository)
    .set({
      sizeBytes: sql`size_bytes + (
        select coalesce(sum(b.size_bytes), 0) from json_each(${blobIds}) j join blob b on b.id = j.value
        where not exists (select 1 from manifest_blob mb where mb.blob_id = b.id and mb.repository_id = ${repositoryId}))`,
    })
    .where(eq(repository.id, repositoryId))

/** Notes the layers that are still to come. One that has come by now loses the race, and the push looks again. */
function absentStatements(store: Store, { repository, digest, manifest: parsed }: Push, blobs: readonly Blob[]) {
  const absent = neededDigests(parsed).filter((needed) => !blobs.some((row) => row.digest === needed))
  if (absent.length === 0) return []
  const digests = JSON.stringify(absent)
  return [
    guard(
      store,
      sql`not exists (
        select 1 from json_each(${digests}) j join blob b on b.digest = j.value
        join repository_blob l on l.blob_id = b.id and l.repository_id = ${repository.id} and l.deleted_at is null)`,
    ),
    store
      .insert(absentBlob)
      .select(
        sql`select ${manifestIdOf(repository.id, digest)}, j.value, ${repository.id} from json_each(${digests}) j`,
      ),
  ]
}

function childStatements(
  store: Store,
  { repository: { id: repositoryId }, digest, manifest: parsed }: Push,
): Statement[] {
  if (parsed.children.length === 0) return []
  const digests = JSON.stringify(parsed.children.map((child) => child.digest))
  const manifestId = manifestIdOf(repositoryId, digest)
  return [
    store
      .insert(manifestChild)
      .select(sql`select ${manifestId}, ${repositoryId}, j.value from json_each(${digests}) j where true`)
      .onConflictDoNothing(),
    store
      .update(manifest)
      .set({ contentSizeBytes: indexedBytes(repositoryId, sql`${manifestId}`) })
      .where(eq(manifest.id, manifestId)),
  ]
}

function labelStatements(
  store: Store,
  repositoryId: number,
  digest: string,
  labels: Record<string, string>,
): Statement[] {
  const rows = Object.entries(labels).map(([key, value]) => [crypto.randomUUID(), key, value, labelMediaType(value)])
  if (rows.length === 0) return []
  const manifestId = manifestIdOf(repositoryId, digest)
  return [
    store.insert(manifestLabel).select(sql`
      select null, j.value ->> 0, ${manifestId}, j.value ->> 1, j.value ->> 2, 'manifest', j.value ->> 3
      from json_each(${JSON.stringify(rows)}) j order by j.key`),
  ]
}

const raiseGeneration = (store: Store, repositoryId: number) =>
  store.update(repository).set({ generation: sql`generation + 1` }).where(eq(repository.id, repositoryId))
