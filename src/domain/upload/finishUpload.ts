import { sql } from 'drizzle-orm'
import type { BlobStore } from '../../blobs/blobStore.ts'
import { RegistryError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { blobIn, linkBlob } from '../../store/blobs.ts'
import { blob, garbage, upload } from '../../store/schema.ts'
import { commit, guard, type Statement, type Store } from '../../store/store.ts'
import { isStillAt, spareTail, type Upload } from '../../store/uploads.ts'
import { algorithmOf, type DigestAlgorithm, type RunningHash, startHash } from '../blob/digest.ts'
import { type ChunkRange, expectRange, hashOf } from './appendChunk.ts'
import type { Body } from './bodyReader.ts'
import { giveUp } from './giveUp.ts'
import { completeObject, newSession, newStorageKey, receiveBytes, type Session } from './receiveBytes.ts'

interface Target {
  repositoryId: number
  digest: string
}

/** A blob in one request: its bytes are hashed as they pass, and become the blob if they are what the digest says. */
export async function uploadWhole(services: Services, target: Target, body: Body): Promise<void> {
  const hash = startHash(algorithmOf(target.digest))
  const received = await receiveBytes(services.blobs, newSession(), body, hash)
  await complete(services, target, received, hash, undefined)
}

/**
 * The end of an upload, with its last bytes, if any. Two may try it at once, with different bytes: until one is known to
 * be the first, neither writes where the other does. Parts can be made an object of only once; all else gets its own key.
 * @throws `digest_invalid`, and then the upload is over too
 */
export async function finishUpload(
  services: Services,
  seen: Upload,
  target: Target,
  body: Body,
  range: ChunkRange | undefined,
): Promise<void> {
  const known = expectRange(seen, body, range)
  const hash = seen.offsetBytes === 0 ? startHash(algorithmOf(target.digest)) : hashOf(seen)
  const own = seen.multipartId ? seen : { ...seen, storageKey: newStorageKey() }
  const received = await receiveBytes(services.blobs, own, known, hash)
  await complete(services, target, received, hash, seen)
}

async function complete(
  services: Services,
  { repositoryId, digest }: Target,
  { session, rest }: { session: Session; rest: Uint8Array },
  hash: RunningHash,
  seen: Upload | undefined,
): Promise<void> {
  const { store, blobs, now, waitUntil } = services
  const algorithm = algorithmOf(digest)
  const isHashed = hash.algorithm === algorithm
  if (isHashed && (await hash.digest()) !== digest) {
    await discard(services, session, seen)
    throw wrongDigest(digest)
  }
  const isOwn = await completeObject(blobs, session, rest)
  if (!(isHashed && isOwn) && (await digestOfObject(blobs, session.storageKey, algorithm)) !== digest) {
    await discard(services, { ...session, multipartId: isOwn ? null : session.multipartId }, seen)
    if (isOwn) throw wrongDigest(digest)
    throw new RegistryError('upload_unknown', 'somebody else went on with this upload: start it again')
  }

  const linkedAt = now()
  const statements: Statement[] = [
    guard(store, sql`exists (select 1 from repository where id = ${repositoryId} and deleted_at is null)`),
    store
      .insert(blob)
      .values({ digest, sizeBytes: session.offsetBytes, storageKey: session.storageKey, createdAt: linkedAt })
      .onConflictDoNothing(),
    ...linkBlob(store, repositoryId, digest, linkedAt),
    spareBytes(store, digest, session.storageKey),
    ...(seen ? endSession(store, seen) : []),
  ]
  await commit(store, statements).catch(async (error: unknown) => {
    if (!(error instanceof RegistryError && error.code === 'conflict')) throw error
    if (session.storageKey !== seen?.storageKey) await blobs.delete([session.storageKey])
    // A client that lost patience and asked again: its first request has just done what this one was for.
    const [[done]] = seen ? await store.batch([blobIn(store, repositoryId, digest)]) : [[]]
    if (!done) throw error
  })
  if (seen?.tailKey) waitUntil(blobs.delete([seen.tailKey]))
}

const endSession = (store: Store, seen: Upload): Statement[] => [
  guard(store, sql`exists (select 1 from upload where ${isStillAt(seen)})`),
  spareTail(store, seen),
  store.delete(upload).where(isStillAt(seen)),
]

/** Blobs are kept once: where other bytes of this digest were there first, these are not needed. */
const spareBytes = (store: Store, digest: string, storageKey: string) =>
  store
    .insert(garbage)
    .select(sql`select null, ${storageKey} from blob where digest = ${digest} and storage_key <> ${storageKey}`)

async function digestOfObject(blobs: BlobStore, key: string, algorithm: DigestAlgorithm): Promise<string | undefined> {
  const stream = await blobs.get(key)
  if (!stream) return undefined
  const hash = startHash(algorithm)
  for await (const chunk of stream) await hash.update(chunk)
  return hash.digest()
}

/** Throws away what came, with the upload that it was the end of. */
async function discard(services: Services, { storageKey, multipartId }: Session, seen: Upload | undefined) {
  const { blobs } = services
  const isShared = storageKey === seen?.storageKey
  if (!isShared && multipartId) await blobs.abortMultipart(storageKey, multipartId)
  if (!isShared && !multipartId) await blobs.delete([storageKey])
  if (seen) await giveUp(services, seen)
}

const wrongDigest = (digest: string) =>
  new RegistryError('digest_invalid', 'provided digest did not match uploaded content', { detail: { digest } })
