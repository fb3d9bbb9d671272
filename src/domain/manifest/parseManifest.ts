import { z } from 'zod'
import { RegistryError } from '../../errors.ts'
import { isDigest } from '../reference.ts'

const Annotations = z.record(z.string(), z.string())

const Descriptor = z.object({
  mediaType: z.string().min(1),
  digest: z.string().refine(isDigest, 'not a digest that this registry can check'),
  size: z.int().nonnegative(),
  urls: z.array(z.string()).nullish(),
  annotations: Annotations.nullish(),
})
export type Descriptor = z.output<typeof Descriptor>

const Document = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  artifactType: z.string().optional(),
  config: Descriptor.optional(),
  layers: z.array(Descriptor).optional(),
  blobs: z.array(Descriptor).nullish(),
  manifests: z.array(Descriptor).optional(),
  subject: Descriptor.nullish(),
  annotations: Annotations.nullish(),
})

/** What is read out of a manifest's bytes, once, when it is pushed. */
export interface ParsedManifest {
  mediaType: string
  artifactType: string | undefined
  /** The bytes as text. */
  content: string
  isIndex: boolean
  config: Descriptor | undefined
  layers: Descriptor[]
  /** Of an index: the manifests that it names. */
  children: Descriptor[]
  subject: Descriptor | undefined
  annotations: Record<string, string> | undefined
}

const imageTypes = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
]
const indexTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
]
const firstSchemaTypes = [
  'application/vnd.docker.distribution.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
]

/** It is sent as Content-Type to whoever asks, browsers too: what is no `application` could be a page with a script in it. */
const manifestType = /^application\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/i

/**
 * Reads a manifest of any media type that is built like one. Its own `mediaType` and the request's have to agree, and it
 * is an image or an index, never both: else two clients could see two things in the same bytes. @throws `manifest_invalid`
 */
export function parseManifest(bytes: Uint8Array, contentType: string | undefined): ParsedManifest {
  const declared = contentType?.split(';')[0]?.trim().toLowerCase() || undefined
  if (declared && firstSchemaTypes.includes(declared)) throw invalid('manifests of schema 1 are not accepted')
  const content = decode(bytes)
  const result = Document.safeParse(parseJson(content))
  if (!result.success) {
    const [issue] = result.error.issues
    throw invalid(`${issue?.path.join('.') || 'manifest'}: ${issue?.message ?? 'not valid'}`)
  }
  const document = result.data
  const generic = declared === 'application/json' || declared === 'application/octet-stream' ? undefined : declared
  const mediaType = document.mediaType ?? generic
  if (!mediaType) throw invalid('neither the manifest nor Content-Type says its media type')
  if (!manifestType.test(mediaType)) throw invalid('not a media type that a manifest can have')
  if (generic && mediaType.toLowerCase() !== generic) {
    throw invalid(`Content-Type is ${generic}, but the manifest says ${mediaType}`)
  }

  const { config, layers, blobs, manifests } = document
  if (manifests && (layers || config || blobs)) throw invalid('it is an image and an index at once')
  const isIndex = manifests !== undefined
  if (indexTypes.includes(mediaType) && !isIndex) throw invalid('an index needs manifests')
  if (imageTypes.includes(mediaType) && !(config && layers)) throw invalid('an image needs config and layers')
  if (!isIndex && !config && !layers && !blobs) throw invalid('it has neither config, layers, blobs nor manifests')
  return {
    mediaType,
    artifactType: document.artifactType,
    content,
    isIndex,
    config,
    layers: [...(layers ?? []), ...(blobs ?? [])],
    children: manifests ?? [],
    subject: document.subject ?? undefined,
    annotations: document.annotations ?? undefined,
  }
}

/** Layers that clients fetch from elsewhere; a registry need not hold them. */
const isForeign = ({ mediaType }: Descriptor) =>
  /^application\/vnd\.docker\.image\.rootfs\.foreign\.diff|^application\/vnd\.oci\.image\.layer\.nondistributable\./.test(
    mediaType,
  )

/** Digests of the blobs that the repository has to hold. */
export function neededDigests({ config, layers }: ParsedManifest): string[] {
  const needed = [...(config ? [config] : []), ...layers.filter((layer) => !isForeign(layer))]
  return [...new Set(needed.map((descriptor) => descriptor.digest))]
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new RegistryError('manifest_invalid', 'a manifest is UTF-8 text', { cause })
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new RegistryError('manifest_invalid', 'a manifest is JSON', { cause })
  }
}

const invalid = (message: string) => new RegistryError('manifest_invalid', message)
