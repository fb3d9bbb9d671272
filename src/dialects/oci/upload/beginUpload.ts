import { createFactory } from 'hono/factory'
import { isDigestAlgorithm } from '../../../domain/blob/digest.ts'
import { mountBlob } from '../../../domain/blob/mountBlob.ts'
import { mayRead, weighRights } from '../../../domain/grant/authorize.ts'
import { parseRepositoryName } from '../../../domain/token/registryScope.ts'
import { uploadWhole } from '../../../domain/upload/finishUpload.ts'
import { startUpload } from '../../../domain/upload/startUpload.ts'
import { RegistryError } from '../../../errors.ts'
import { blobIn, publicHolderOf } from '../../../store/blobs.ts'
import { repositoryIdOf, rightsOf, rightsRow } from '../../../store/rights.ts'
import { type Lookup, onRepository, rankOfGrants } from '../access.ts'
import type { OciEnv } from '../env.ts'
import { blobPath, requestBody, requireDigest, uploadHeaders } from '../wire.ts'

/** Begins an upload, or is one: with `digest` the body is the blob, with `mount` another repository has it already. */
export const beginUpload = createFactory<OciEnv>().createHandlers(
  onRepository('push', { creates: true, along: readSource }),
  async (c) => {
    const { repository, actor, along, grants } = c.var
    const { store, settings } = c.env
    const name = c.req.param('name') ?? ''
    const now = c.env.now()
    const created = (digest: string) => {
      c.header('Location', blobPath(name, digest))
      c.header('Docker-Content-Digest', digest)
      return c.body(null, 201)
    }

    const mount = c.req.query('mount')
    if (mount !== undefined) {
      const digest = requireDigest(mount)
      const [[row] = [], [held] = [], [own] = [], [holder] = []] = along
      const rights = rightsOf(row)
      const from = c.req.query('from')
      const isReadable =
        rights?.namespace.enabled &&
        mayRead(weighRights(actor, rights, settings)) &&
        rankOfGrants(grants, sourcePath(from, settings), rights, settings) >= 1
      // A token opens no more than what it names and what is anybody's.
      const isAnybodys = !from && (grants === undefined || settings.FEATURE_ANONYMOUS_ACCESS)
      const other = isAnybodys ? holder?.id : held && isReadable ? rights?.repository?.id : undefined
      const sourceId = own ? repository.id : other
      const isMounted =
        sourceId !== undefined && (await mountBlob(store, { sourceId, repositoryId: repository.id, digest, now }))
      if (isMounted) return created(digest)
    }

    const whole = c.req.query('digest')
    if (whole !== undefined) {
      const digest = requireDigest(whole)
      await uploadWhole(c.env, { repositoryId: repository.id, digest }, requestBody(c))
      return created(digest)
    }

    const algorithm = c.req.query('digest-algorithm') ?? 'sha256'
    if (!isDigestAlgorithm(algorithm)) throw new RegistryError('digest_invalid', `unknown algorithm ${algorithm}`)
    if (!actor) throw new RegistryError('unauthenticated', 'authentication required')
    const id = await startUpload(store, { repositoryId: repository.id, accountId: actor.account.id, algorithm, now })
    return c.body(null, 202, uploadHeaders(name, id, 0))
  },
)

/**
 * What a mount has to know: the caller's rights on the source, and which of the two repositories holds the blob. Where no
 * source is named, a public repository will do.
 */
function readSource({ store, repositoryId, accountId, query, settings }: Lookup) {
  const digest = query('mount')
  if (digest === undefined) return []
  const source = sourcePath(query('from'), settings)
  return [
    rightsRow(store, accountId, source),
    blobIn(store, repositoryIdOf(source), digest),
    blobIn(store, repositoryId, digest),
    publicHolderOf(store, query('from') ? '' : digest),
  ] as const
}

const nowhere = { namespace: '', name: '' }

function sourcePath(from: string | undefined, settings: Lookup['settings']) {
  return from ? parseRepositoryName(from, settings) : nowhere
}
