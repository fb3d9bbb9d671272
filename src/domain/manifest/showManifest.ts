import type { BlobStore } from '../../blobs/blobStore.ts'
import { RegistryError } from '../../errors.ts'
import type { FoundManifest } from '../../store/manifests.ts'
import { type DescribedLayer, describeLayers } from './describeLayers.ts'
import { configBytesMax, isImageConfig } from './imageLabels.ts'
import { manifestTexts } from './manifestText.ts'
import { parseManifest } from './parseManifest.ts'

export interface ShownManifest {
  text: string
  /** Null of an index. */
  layers: DescribedLayer[] | null
}

/**
 * A manifest's text and layers. An image's config is read for its history.
 * @param configKey where the blob store keeps the config
 * @throws `blob_unknown` where an image's config is not here
 */
export async function showManifest(
  blobs: BlobStore,
  found: FoundManifest,
  configKey: string | undefined,
): Promise<ShownManifest> {
  const [text = ''] = await manifestTexts(blobs, [found])
  if (found.isIndex) return { text, layers: null }
  const manifest = parseManifest(new TextEncoder().encode(text), found.mediaType)
  const isRead = isImageConfig(found.configMediaType) && (found.configSizeBytes ?? 0) <= configBytesMax
  const config = isRead ? await blobs.get(configKey ?? '') : undefined
  if (isRead && !config) throw new RegistryError('blob_unknown', 'the config of this manifest is not here')
  return { text, layers: describeLayers(manifest, config && (await new Response(config).text())) }
}
