import type { Referrer } from '../../../store/manifests.ts'

/** A manifest as an index lists it. */
export function descriptorView({ mediaType, digest, sizeBytes, artifactType, annotations }: Referrer) {
  return {
    mediaType,
    digest,
    size: sizeBytes,
    ...(artifactType && { artifactType }),
    ...(annotations && { annotations }),
  }
}
