import { createFactory } from 'hono/factory'
import { unlinkBlob } from '../../../domain/blob/unlinkBlob.ts'
import { RegistryError } from '../../../errors.ts'
import { blobIn } from '../../../store/blobs.ts'
import { type Lookup, onRepository } from '../access.ts'
import type { OciEnv } from '../env.ts'
import { requireDigest } from '../wire.ts'

/** Takes a blob out of the repository. Its bytes stay for as long as anything needs them. */
export const deleteBlob = createFactory<OciEnv>().createHandlers(
  onRepository('delete', {
    along: ({ store, repositoryId, param }: Lookup) => [blobIn(store, repositoryId, param('digest'))] as const,
  }),
  async (c) => {
    const digest = requireDigest(c.req.param('digest'))
    const [[found]] = c.var.along
    if (!found) throw new RegistryError('blob_unknown', 'blob unknown to registry', { detail: { digest } })
    await unlinkBlob(c.env.store, c.var.repository.id, found, c.env.now())
    return c.body(null, 202)
  },
)
