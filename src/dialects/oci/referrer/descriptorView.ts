import type { Referrer } from '../../../store/manifests.ts'

/** A manifest as an index lists it. */
export function descriptorView({ mediaType, digest, sizeBytes, artifactType, configMediaType, annotations }: Referrer) {
  const type = artifactType ?? configMediaType
  return {
    mediaType,
    digest,
    size: sizeBytes,
    ...(type && { artifactType: type }),
    ...(annotations && { annotations }),
  }
}
