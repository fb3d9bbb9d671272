import type { Context } from 'hono'
import { createFactory } from 'hono/factory'
import { algorithmOf, digestOf } from '../../../domain/blob/digest.ts'
import { parseManifest } from '../../../domain/manifest/parseManifest.ts'
import { type Pushed, pushManifest, pushReads } from '../../../domain/manifest/pushManifest.ts'
import { isDigest, isTagName } from '../../../domain/reference.ts'
import { readLimited } from '../../../domain/upload/bodyReader.ts'
import { RegistryError } from '../../../errors.ts'
import { type Lookup, onRepository } from '../access.ts'
import type { OciEnv } from '../env.ts'
import { manifestPath, requestBody } from '../wire.ts'

/** More tags than this in one push are refused. */
const tagsMax = 50

/** Stores a manifest under its digest, and points its tag at it, or with a digest in the path every `?tag=`. */
export const putManifest = createFactory<OciEnv>().createHandlers(
  onRepository('push', { creates: true, along: readPush }),
  async (c) => {
    const { namespace, repository, actor, ip, userAgent, along } = c.var
    const pushed = await pushedIn(c)
    if (pushed instanceof RegistryError) throw pushed
    const { digest, manifest, tags } = pushed
    const push = { ...pushed, namespace, repository, actor, ip, userAgent, now: c.env.now() }
    await pushManifest(c.env, push, along as never)
    c.header('Location', manifestPath(c.req.param('name') ?? '', digest))
    c.header('Docker-Content-Digest', digest)
    if (manifest.subject) c.header('OCI-Subject', manifest.subject.digest)
    if (isDigest(c.req.param('reference') ?? '')) for (const tag of tags) c.header('OCI-Tag', tag, { append: true })
    return c.body(null, 201)
  },
)

async function readPush({ store, repositoryId, namespaceId, c }: Lookup) {
  const pushed = await pushedIn(c)
  return pushed instanceof RegistryError ? [] : pushReads(store, repositoryId, namespaceId, pushed)
}

const read = new WeakMap<Request, Promise<Pushed | RegistryError>>()

/** What the body is, or what is wrong with it: that is told to nobody who may not push. Read once for each request. */
function pushedIn(c: Context): Promise<Pushed | RegistryError> {
  const known = read.get(c.req.raw)
  if (known) return known
  const pushed = readPushed(c).catch((error: unknown) => {
    if (error instanceof RegistryError) return error
    throw error
  })
  read.set(c.req.raw, pushed)
  return pushed
}

async function readPushed(c: Context<OciEnv>): Promise<Pushed> {
  const bytes = await readLimited(requestBody(c), c.env.settings.MAXIMUM_MANIFEST_SIZE)
  const reference = c.req.param('reference') ?? ''
  const tags = [...new Set(isDigest(reference) ? (c.req.queries('tag') ?? []) : [reference])]
  const bad = tags.find((tag) => !isTagName(tag))
  if (bad !== undefined) throw new RegistryError('tag_invalid', `not a tag: ${bad.slice(0, 200)}`)
  if (tags.length > tagsMax) throw new RegistryError('invalid', `more than ${tagsMax} tags in one push`)
  const digest = await digestOf(bytes, isDigest(reference) ? algorithmOf(reference) : 'sha256')
  if (isDigest(reference) && digest !== reference) {
    throw new RegistryError('digest_invalid', 'the manifest has another digest', { detail: { digest } })
  }
  return { digest, bytes, manifest: parseManifest(bytes, c.req.header('content-type')), tags }
}
