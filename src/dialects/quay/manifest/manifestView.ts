import { z } from '@hono/zod-openapi'
import type { DescribedLayer } from '../../../domain/manifest/describeLayers.ts'
import type { ShownManifest } from '../../../domain/manifest/showManifest.ts'
import type { FoundManifest } from '../../../store/manifests.ts'
import { rfc2822 } from '../dates.ts'

const LayerView = z
  .object({
    index: z.int(),
    compressed_size: z.int(),
    is_remote: z.boolean(),
    urls: z.array(z.string()).nullable(),
    command: z.array(z.string()).nullable(),
    comment: z.string().nullable(),
    author: z.string().nullable(),
    blob_digest: z.string(),
    created_datetime: z.string().nullable(),
  })
  .openapi('Layer')

export const ManifestView = z
  .object({
    digest: z.string(),
    is_manifest_list: z.boolean(),
    manifest_data: z.string(),
    config_media_type: z.string().nullable(),
    layers_compressed_size: z.int().nullable(),
    layers: z.array(LayerView).nullable(),
  })
  .openapi('Manifest')

/** A manifest with its layers, in Quay's words. */
export const manifestView = (
  manifest: FoundManifest,
  { text, layers }: ShownManifest,
): z.infer<typeof ManifestView> => ({
  digest: manifest.digest,
  is_manifest_list: manifest.isIndex,
  manifest_data: text,
  config_media_type: manifest.configMediaType,
  layers_compressed_size: manifest.isIndex ? 0 : manifest.layersSizeBytes,
  layers: layers?.map(layerView) ?? null,
})

const layerView = (layer: DescribedLayer, index: number): z.infer<typeof LayerView> => ({
  index,
  compressed_size: layer.sizeBytes,
  is_remote: layer.urls !== null,
  urls: layer.urls,
  command: layer.command,
  comment: layer.comment,
  author: layer.author,
  blob_digest: layer.digest,
  created_datetime: layer.createdAt && rfc2822(layer.createdAt),
})
