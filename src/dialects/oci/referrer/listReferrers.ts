import { createFactory } from 'hono/factory'
import { isDigest } from '../../../domain/reference.ts'
import { referrersPage } from '../../../store/manifests.ts'
import { type Lookup, onRepository } from '../access.ts'
import type { OciEnv } from '../env.ts'
import { nextLink } from '../paging.ts'
import { requireDigest } from '../wire.ts'
import { descriptorView } from './descriptorView.ts'

/** Referrers on a page: many, because not every client asks for the next one. */
const pageSize = 1000
/** The specification's own bound for manifests, which this is to a client. */
const pageBytesMax = 4 * 1024 * 1024

const indexType = 'application/vnd.oci.image.index.v1+json'

/** What refers to a manifest, as an index: signatures, attestations, SBOMs. A subject that is not here has referrers too. */
export const listReferrers = createFactory<OciEnv>().createHandlers(
  onRepository('pull', { along: readReferrers, missingIsEmpty: true }),
  (c) => {
    const digest = requireDigest(c.req.param('digest'))
    const artifactType = c.req.query('artifactType')
    const [rows = []] = c.var.along
    const page = rows.slice(0, pageSize)
    const last = rows.length > pageSize || page[0]?.cut ? page.at(-1) : undefined
    if (last) {
      const query = { ...(artifactType !== undefined && { artifactType }), last: String(last.id) }
      c.header('Link', nextLink(`/v2/${c.req.param('name')}/referrers/${digest}`, query))
    }
    if (artifactType !== undefined) c.header('OCI-Filters-Applied', 'artifactType')
    const index = { schemaVersion: 2, mediaType: indexType, manifests: page.map(descriptorView) }
    return c.body(JSON.stringify(index), 200, { 'Content-Type': indexType })
  },
)

function readReferrers({ store, repositoryId, param, query }: Lookup) {
  const subject = param('digest')
  if (!isDigest(subject)) return []
  const last = query('last') ?? ''
  const afterId = /^\d{1,15}$/.test(last) ? Number(last) : 0
  const page = { subject, artifactType: query('artifactType'), afterId, limit: pageSize, bytesMax: pageBytesMax }
  return [referrersPage(store, repositoryId, page)] as const
}
