import { RegistryError } from '../../../errors.ts'
import { type FoundManifest, manifestByDigest } from '../../../store/manifests.ts'
import type { Lookup } from '../access.ts'

/** The manifest that the path names, read along with the caller's rights. */
export const readManifest = ({ store, repositoryId, param, now }: Lookup) =>
  manifestByDigest(store, repositoryId, param('manifestref'), now)

/** @throws `manifest_unknown` unless something live leads to the manifest */
export function live([manifest]: readonly FoundManifest[]): FoundManifest {
  if (!manifest?.isReachable) throw new RegistryError('manifest_unknown', 'no live manifest of this digest')
  return manifest
}
