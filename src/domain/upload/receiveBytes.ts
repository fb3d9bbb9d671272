import { type BlobStore, LostParts, partBytes, partsMax } from '../../blobs/blobStore.ts'
import { RegistryError } from '../../errors.ts'
import type { Upload } from '../../store/uploads.ts'
import type { RunningHash } from '../blob/digest.ts'
import { type Body, bodyReader } from './bodyReader.ts'

/** Where an upload's bytes so far lie. */
export type Session = Pick<Upload, 'storageKey' | 'multipartId' | 'parts' | 'offsetBytes' | 'tailBytes' | 'tailKey'>

export const newStorageKey = () => `blobs/${crypto.randomUUID()}`

export const newSession = (): Session => ({
  storageKey: newStorageKey(),
  multipartId: null,
  parts: [],
  offsetBytes: 0,
  tailBytes: 0,
  tailKey: null,
})

/**
 * Takes a body in, after what the session holds already: whole parts go to the blob store as they fill up, and what is
 * left comes back as `rest`. No more than one part is in memory, however long the body is.
 * @throws `size_invalid` for a body that is not as long as it said
 */
export async function receiveBytes(
  blobs: BlobStore,
  session: Session,
  body: Body,
  hash: RunningHash,
): Promise<{ session: Session; rest: Uint8Array }> {
  const { storageKey, offsetBytes, tailBytes } = session
  const expected = body.lengthBytes === undefined ? partBytes : tailBytes + body.lengthBytes + 1
  let buffer = new Uint8Array(Math.min(partBytes, expected))
  let filled = await readTail(blobs, session, buffer)
  let { parts, multipartId } = session
  let received = 0
  const reader = bodyReader(body.stream)
  try {
    for (let ended = false; !ended; ) {
      const from = filled
      const step = await reader.fill(buffer, from).catch(refuseBroken)
      buffer = step.buffer
      filled = step.filled
      ended = step.ended || buffer.length < partBytes
      received += filled - from
      await hash.update(buffer.subarray(from, filled))
      if (filled < partBytes) continue
      if (parts.length >= partsMax) {
        throw new RegistryError('size_invalid', `a blob is at most ${partsMax * partBytes} bytes long`)
      }
      multipartId ??= await blobs.startMultipart(storageKey)
      parts = [...parts, await putPart(blobs, storageKey, multipartId, parts.length + 1, buffer)]
      filled = 0
    }
    if (body.lengthBytes !== undefined && received !== body.lengthBytes) {
      throw new RegistryError('size_invalid', `expected ${body.lengthBytes} bytes, got ${received}`)
    }
  } catch (error) {
    if (multipartId && !session.multipartId) await blobs.abortMultipart(storageKey, multipartId)
    throw error
  }
  return {
    session: { storageKey, parts, multipartId, offsetBytes: offsetBytes + received, tailBytes: filled, tailKey: null },
    rest: buffer.subarray(0, filled),
  }
}

/** Puts the last bytes in, and makes one object of it all. Resolves to whether it is these bytes that the object holds. */
export async function completeObject(
  blobs: BlobStore,
  { storageKey, multipartId, parts }: Session,
  rest: Uint8Array,
): Promise<boolean> {
  if (!multipartId) {
    await blobs.put(storageKey, rest)
    return true
  }
  const last = rest.length > 0 ? [await putPart(blobs, storageKey, multipartId, parts.length + 1, rest)] : []
  return blobs.completeMultipart(storageKey, multipartId, [...parts, ...last]).then(
    () => true,
    (error: unknown) => {
      if (error instanceof LostParts) return false
      throw error
    },
  )
}

/**
 * A part of the object. Where the object is whole already, its last request was cut off before it could say so, and the
 * client brings again what is there: then it is kept as it is, and the end of the upload compares.
 */
async function putPart(blobs: BlobStore, key: string, multipartId: string, partNumber: number, bytes: Uint8Array) {
  try {
    return await blobs.putPart(key, multipartId, partNumber, bytes)
  } catch (cause) {
    if (!(cause instanceof LostParts)) throw cause
    if (!(await blobs.has(key))) throw new RegistryError('upload_unknown', 'the upload has been given up', { cause })
    return { partNumber, etag: '' }
  }
}

async function readTail(blobs: BlobStore, { tailKey, tailBytes }: Session, buffer: Uint8Array): Promise<number> {
  if (!tailKey) return 0
  const stream = await blobs.get(tailKey)
  if (!stream) throw new RegistryError('upload_unknown', 'the upload has been given up')
  let filled = 0
  for await (const chunk of stream) {
    buffer.set(chunk, filled)
    filled += chunk.length
  }
  if (filled !== tailBytes) throw new Error(`tail ${tailKey} has ${filled} bytes, not ${tailBytes}`)
  return filled
}

function refuseBroken(cause: unknown): never {
  throw new RegistryError('upload_invalid', 'the body broke off', { cause })
}
