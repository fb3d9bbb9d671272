import { sql } from 'drizzle-orm'
import { toHex } from '../../src/domain/token/secret.ts'
import type { Services } from '../../src/services.ts'
import { blob, manifest, manifestBlob, manifestChild, manifestLabel, repositoryBlob } from '../../src/store/schema.ts'
import type { Statement } from '../../src/store/store.ts'

export interface SeededImage {
  /** The text of each layer. */
  layers?: string[]
  labels?: Record<string, string>
  /** Digests of an index's children. */
  children?: string[]
  /** From `quay.expires-after`, as a push would have read it. */
  expiresAfterSeconds?: number
  immutableLabel?: boolean
}

const encoder = new TextEncoder()
export const digestOf = async (bytes: Uint8Array) =>
  `sha256:${toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as BufferSource)))}`

/** Writes the rows that a push of the image would leave, and no bytes of its blobs: for tests of what comes after pushes. */
export async function seedImage({ store, now }: Services, repositoryId: number, image: SeededImage): Promise<string> {
  const { layers = ['layer'], labels = {}, children, expiresAfterSeconds = null, immutableLabel = false } = image
  const described = async (mediaType: string, bytes: Uint8Array) => ({
    mediaType,
    size: bytes.length,
    digest: await digestOf(bytes),
  })
  const isIndex = children !== undefined
  const mediaType = isIndex
    ? 'application/vnd.oci.image.index.v1+json'
    : 'application/vnd.docker.distribution.manifest.v2+json'
  const config = await described(
    'application/vnd.docker.container.image.v1+json',
    encoder.encode(JSON.stringify({ config: { Labels: labels }, layers })),
  )
  const layerDescriptors = await Promise.all(
    layers.map((text) => described('application/vnd.docker.image.rootfs.diff.tar.gzip', encoder.encode(text))),
  )
  const content = JSON.stringify(
    isIndex
      ? {
          schemaVersion: 2,
          mediaType,
          manifests: children.map((digest) => ({
            mediaType: 'application/vnd.oci.image.manifest.v1+json',
            size: 1,
            digest,
          })),
        }
      : { schemaVersion: 2, mediaType, config, layers: layerDescriptors },
  )
  const digest = await digestOf(encoder.encode(content))
  const layersSizeBytes = layerDescriptors.reduce((sum, { size }) => sum + size, 0)
  const at = now()
  const manifestId = sql<number>`(select m.id from manifest m where m.repository_id = ${repositoryId} and m.digest = ${digest})`
  const blobs = isIndex ? [] : [config, ...layerDescriptors]
  const statements: Statement[] = [
    store
      .insert(manifest)
      .values({
        repositoryId,
        digest,
        mediaType,
        schemaVersion: 2,
        content,
        sizeBytes: content.length,
        isIndex,
        configDigest: isIndex ? null : config.digest,
        configMediaType: isIndex ? null : config.mediaType,
        configSizeBytes: isIndex ? null : config.size,
        layersSizeBytes: isIndex ? null : layersSizeBytes,
        contentSizeBytes: isIndex ? 0 : layersSizeBytes + config.size,
        children: isIndex ? children.map((child) => ({ digest: child, present: true })) : null,
        expiresAfterSeconds,
        immutableLabel,
        createdAt: at,
      })
      .onConflictDoNothing(),
    ...blobs.flatMap(({ digest: blobDigest, size }) => {
      const blobId = sql<number>`(select b.id from blob b where b.digest = ${blobDigest})`
      return [
        store
          .insert(blob)
          .values({ digest: blobDigest, sizeBytes: size, storageKey: `seeded/${blobDigest}`, createdAt: at })
          .onConflictDoNothing(),
        store.insert(repositoryBlob).values({ repositoryId, blobId, linkedAt: at }).onConflictDoNothing(),
        store.insert(manifestBlob).values({ manifestId, blobId, repositoryId }).onConflictDoNothing(),
      ]
    }),
    ...(children ?? []).map((childDigest) =>
      store.insert(manifestChild).values({ parentId: manifestId, repositoryId, childDigest }).onConflictDoNothing(),
    ),
    ...Object.entries(labels).map(([key, value]) =>
      store
        .insert(manifestLabel)
        .values({ uuid: crypto.randomUUID(), manifestId, key, value, sourceType: 'manifest', mediaType: 'text/plain' }),
    ),
  ]
  await store.batch(statements)
  return digest
}
