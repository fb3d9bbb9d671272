import { createFactory } from 'hono/factory'
import { openManifest } from '../../../domain/manifest/openManifest.ts'
import { isDigest, isTagName } from '../../../domain/reference.ts'
import { isHeld } from '../../../edge/respond.ts'
import { RegistryError } from '../../../errors.ts'
import { servedByTag, visibleByDigest } from '../../../store/manifests.ts'
import { type Lookup, onRepository } from '../access.ts'
import type { OciEnv } from '../env.ts'

/** A manifest by tag or by digest: exactly the bytes that were pushed. */
export const getManifest = createFactory<OciEnv>().createHandlers(
  onRepository('pull', { along: readManifest, cached: { by: [] } }),
  async (c) => {
    const reference = c.req.param('reference') ?? ''
    const [[found] = []] = c.var.along
    if (!found) throw new RegistryError('manifest_unknown', 'manifest unknown', { detail: { reference } })
    const etag = `"${found.digest}"`
    const headers = {
      'Content-Type': found.mediaType,
      'Content-Length': String(found.sizeBytes),
      'Docker-Content-Digest': found.digest,
      'Cache-Control': 'private, no-cache, no-transform',
      ETag: etag,
      Vary: 'Authorization',
    }
    const { namespace, repository } = c.var
    c.set('pulled', {
      namespace: { id: namespace.id, username: namespace.username },
      repository: { id: repository.id, name: repository.name },
      manifest: { id: found.id, digest: found.digest, mediaType: found.mediaType },
      tag: isDigest(reference) ? undefined : reference,
    })
    // Of a HEAD too: the answer is kept whole, and the body is taken off on its way out.
    c.set('isLookup', found.content !== null)
    if (isDigest(reference)) c.set('content', String(found.id))
    if (found.content !== null) return c.body(found.content, 200, headers)
    if (c.req.method === 'HEAD' || isHeld(c.req.raw, etag)) return c.body(null, 200, headers)
    return c.body(await openManifest(c.env, c.var.repository.id, found), 200, headers)
  },
)

function readManifest({ store, repositoryId, param, now }: Lookup) {
  const reference = param('reference')
  if (isDigest(reference)) return [visibleByDigest(store, repositoryId, reference)] as const
  return isTagName(reference) ? ([servedByTag(store, repositoryId, reference, now)] as const) : ([] as const)
}
