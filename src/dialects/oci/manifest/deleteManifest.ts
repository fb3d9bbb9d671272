import { createFactory } from 'hono/factory'
import { trackedMetadata } from '../../../domain/event/trackedMetadata.ts'
import { removalReads, removeManifest } from '../../../domain/manifest/removeManifest.ts'
import { isDigest } from '../../../domain/reference.ts'
import { deleteTag, deletionReads } from '../../../domain/tag/deleteTag.ts'
import { type Lookup, onRepository } from '../access.ts'
import type { OciEnv } from '../env.ts'

/** By tag, ends the tag; by digest, takes the manifest away with every tag on it. */
export const deleteManifest = createFactory<OciEnv>().createHandlers(
  onRepository('delete', { along: readDoomed }),
  async (c) => {
    const { namespace, repository, actor, ip, userAgent, along } = c.var
    const { store, settings } = c.env
    const reference = c.req.param('reference') ?? ''
    const change = { namespace, repository, actor, ip, now: c.env.now(), settings }
    const metadata = trackedMetadata({ actor, namespace, repository, userAgent })
    if (isDigest(reference)) await removeManifest(store, { ...change, digest: reference, metadata }, along as never)
    else {
      await deleteTag(store, { ...change, name: reference, metadata: { ...metadata, tag: reference } }, along as never)
    }
    return c.body(null, 202)
  },
)

function readDoomed({ store, repositoryId, param, now }: Lookup) {
  const reference = param('reference')
  return isDigest(reference)
    ? removalReads(store, repositoryId, reference)
    : deletionReads(store, repositoryId, reference, now)
}
