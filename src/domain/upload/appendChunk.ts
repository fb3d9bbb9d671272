import { RegistryError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { upload } from '../../store/schema.ts'
import { commit } from '../../store/store.ts'
import { isStillAt, spareTail, type Upload } from '../../store/uploads.ts'
import { algorithmOfState, resumableHash } from '../blob/digest.ts'
import type { Body } from './bodyReader.ts'
import { receiveBytes } from './receiveBytes.ts'

/** What a client says of a chunk: where it begins, and its last byte. */
export interface ChunkRange {
  first: number
  last: number
}

/**
 * Adds a chunk to an upload. Of two writers at one place the second one is refused. Resolves to the new length.
 * @throws `range_invalid` for a chunk that does not begin where the upload ends
 */
export async function appendChunk(
  { store, blobs, now, waitUntil }: Services,
  seen: Upload,
  body: Body,
  range: ChunkRange | undefined,
): Promise<number> {
  const known = expectRange(seen, body, range)
  const hash = hashOf(seen)
  const { session, rest } = await receiveBytes(blobs, seen, known, hash)
  const tailKey = rest.length > 0 ? `${seen.storageKey}.tail.${crypto.randomUUID()}` : null
  if (tailKey) await blobs.put(tailKey, rest)

  const [, moved] = await commit(store, [
    spareTail(store, seen),
    store
      .update(upload)
      .set({ ...session, tailKey, hashState: hash.save?.() ?? null, version: seen.version + 1, updatedAt: now() })
      .where(isStillAt(seen))
      .returning({ id: upload.id }),
  ])
  const stale = moved.length > 0 ? seen.tailKey : tailKey
  if (stale) waitUntil(blobs.delete([stale]))
  if (moved.length > 0) return session.offsetBytes
  if (session.multipartId && !seen.multipartId) waitUntil(blobs.abortMultipart(session.storageKey, session.multipartId))
  throw new RegistryError('range_invalid', 'another chunk came first', { detail: { offset: seen.offsetBytes } })
}

/** The body, as long as its range says. @throws `range_invalid` */
export function expectRange(seen: Upload, body: Body, range: ChunkRange | undefined): Body {
  if (!range) return body
  const offset = seen.offsetBytes
  if (range.first !== offset || range.last < range.first) {
    throw new RegistryError('range_invalid', `the next byte of this upload is ${offset}`, { detail: { offset } })
  }
  const lengthBytes = range.last - range.first + 1
  if (body.lengthBytes !== undefined && body.lengthBytes !== lengthBytes) {
    throw new RegistryError(
      'size_invalid',
      `Content-Range says ${lengthBytes} bytes, Content-Length ${body.lengthBytes}`,
    )
  }
  return { ...body, lengthBytes }
}

/** The running hash of an upload, where it stopped. */
export const hashOf = ({ hashState }: Upload) =>
  hashState ? resumableHash(algorithmOfState(hashState), hashState) : resumableHash('sha256')
