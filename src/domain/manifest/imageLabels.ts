import { z } from 'zod'
import type { BlobStore } from '../../blobs/blobStore.ts'
import { RegistryError } from '../../errors.ts'
import { parseDuration } from '../../settings.ts'
import type { Blob } from '../../store/blobs.ts'
import type { ParsedManifest } from './parseManifest.ts'

const configTypes = ['application/vnd.oci.image.config.v1+json', 'application/vnd.docker.container.image.v1+json']
export const isImageConfig = (mediaType: string | null | undefined) => configTypes.includes(mediaType ?? '')
/** Longer configs are not read. */
export const configBytesMax = 4 * 1024 * 1024
const labelsMax = 500
const keyLengthMax = 255

const Config = z.object({ config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish() })

export const expiryLabel = 'quay.expires-after'
export const immutableLabel = 'quay.immutable'

/** An image's labels: those of its config, and over them its annotations. An index has none. */
export async function imageLabels(
  blobs: BlobStore,
  { isIndex, config, annotations }: ParsedManifest,
  configBlob: Blob | undefined,
): Promise<Record<string, string>> {
  if (isIndex) return {}
  const isRead = config && configBlob && isImageConfig(config.mediaType) && configBlob.sizeBytes <= configBytesMax
  const labels = isRead ? await readLabels(blobs, configBlob) : {}
  const all = Object.entries({ ...labels, ...annotations })
  return Object.fromEntries(all.filter(([key]) => key !== '' && key.length <= keyLengthMax).slice(0, labelsMax))
}

async function readLabels(blobs: BlobStore, { storageKey }: Blob): Promise<Record<string, string>> {
  const stream = await blobs.get(storageKey)
  // Collected since it was found: whoever asks again is told so, or finds it pushed again.
  if (!stream) throw new RegistryError('conflict', 'the config of this image has just been deleted')
  const text = await new Response(stream).text()
  try {
    return Config.safeParse(JSON.parse(text)).data?.config?.Labels ?? {}
  } catch {
    // A config that is not JSON has no labels; nothing says that it must be an image's.
    return {}
  }
}

const secondsMax = 100 * 365 * 86_400

/** `20h` in seconds; null for `never`, 0, and anything that is no sensible duration: such a tag does not expire. */
export function expiryOf(labels: Record<string, string>): number | null {
  const seconds = parseDuration(labels[expiryLabel] ?? '')
  return seconds && seconds <= secondsMax ? seconds : null
}

export const saysImmutable = (labels: Record<string, string>) => labels[immutableLabel]?.trim().toLowerCase() === 'true'

/** As Quay tells them apart: a value that is a JSON object or array, and plain text. */
export function labelMediaType(value: string): 'application/json' | 'text/plain' {
  if (!/^\s*[[{]/.test(value)) return 'text/plain'
  try {
    JSON.parse(value)
    return 'application/json'
  } catch {
    return 'text/plain'
  }
}
