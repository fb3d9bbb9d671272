import { eq, sql } from 'drizzle-orm'
import type { BlobStore } from '../../blobs/blobStore.ts'
import { RegistryError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { linkBlob } from '../../store/blobs.ts'
import { blob, garbage, upload } from '../../store/schema.ts'
import { commit, guard, type Statement, type Store } from '../../store/store.ts'
import { isStillAt, type Upload } from '../../store/uploads.ts'
import { algorithmOf, type DigestAlgorithm, type RunningHash, startHash } from '../blob/digest.ts'
import { type ChunkRange, expectRange, hashOf } from './appendChunk.ts'
import type { Body } from './bodyReader.ts'
import { completeObject, discardObject, newSession, receiveBytes, type Session } from './receiveBytes.ts'

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

/** The end of an upload, with its last bytes, if any. @throws `digest_invalid`, and then the upload is over too */
export async function finishUpload(
  services: Services,
  seen: Upload,
  target: Target,
  body: Body,
  range: ChunkRange | undefined,
): Promise<void> {
  const known = expectRange(seen, body, range)
  const hash = seen.offsetBytes === 0 ? startHash(algorithmOf(target.digest)) : hashOf(seen)
  const received = await receiveBytes(services.blobs, seen, known, hash)
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
    await giveUp(services, { ...session, tailKey: seen?.tailKey ?? null }, seen)
    throw wrongDigest(digest)
  }
  await completeObject(blobs, session, rest)
  if (!isHashed && (await digestOfObject(blobs, session.storageKey, algorithm)) !== digest) {
    await giveUp(services, { ...session, multipartId: null, tailKey: session.storageKey }, seen)
    throw wrongDigest(digest)
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
    ...(seen ? [guard(store, isStillAt(seen)), store.delete(upload).where(eq(upload.id, seen.id))] : []),
  ]
  await commit(store, statements)
  if (seen?.tailKey) waitUntil(blobs.delete([seen.tailKey]))
}

/** Blobs are kept once: where other bytes of this digest were there first, these are not needed. */
const spareBytes = (store: Store, digest: string, storageKey: string) =>
  store
    .insert(garbage)
    .select(sql`select null, ${storageKey} from blob where digest = ${digest} and storage_key <> ${storageKey}`)

async function digestOfObject(blobs: BlobStore, key: string, algorithm: DigestAlgorithm): Promise<string> {
  const stream = await blobs.get(key)
  if (!stream) throw new Error(`no object ${key}`)
  const hash = startHash(algorithm)
  for await (const chunk of stream) await hash.update(chunk)
  return hash.digest()
}

/** Ends an upload without a blob. */
export async function giveUp({ store, blobs }: Services, session: Session, seen: Upload | undefined): Promise<void> {
  if (seen) await commit(store, [store.delete(upload).where(eq(upload.id, seen.id))])
  await discardObject(blobs, session)
}

const wrongDigest = (digest: string) =>
  new RegistryError('digest_invalid', 'provided digest did not match uploaded content', { detail: { digest } })
