import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { Readable } from 'node:stream'
import { type BlobStore, LostParts } from './blobStore.ts'

/**
 * Blobs as files below a folder. A blob in parts is written in its place in one file, which gets its name when it is
 * whole: its bytes are never copied, and a crash leaves nothing under a blob's own name that is not complete.
 */
export function fileBlobs(folder: string): BlobStore {
  const root = resolve(folder)
  const unfinished = join(root, '.unfinished')
  /** Length of the first part, which tells where the others begin. */
  const partBytes = new Map<string, number>()

  /** Who wrote a part last: of two writers at one place, the first one's part is gone. */
  const lastWrites = new Map<string, string>()

  const fileOf = (key: string) => {
    const file = resolve(root, key)
    if (!file.startsWith(root + sep) || file.startsWith(unfinished)) throw new Error(`not a blob's key: ${key}`)
    return file
  }
  const lengthOfParts = async (multipartId: string) => {
    const known = partBytes.get(multipartId) ?? (await stat(join(unfinished, multipartId))).size
    partBytes.set(multipartId, known)
    return known
  }

  return {
    async get(key, range) {
      const file = fileOf(key)
      if (!(await exists(file))) return undefined
      const bounds = range && { start: range.offset, end: range.offset + range.length - 1 }
      return Readable.toWeb(createReadStream(file, bounds)) as unknown as ReadableStream<Uint8Array>
    },
    async put(key, bytes) {
      const temporary = join(unfinished, randomUUID())
      await written(temporary, 'w', (handle) => handle.writeFile(bytes))
      await moveTo(fileOf(key), temporary)
    },
    async delete(keys) {
      await Promise.all(keys.map((key) => rm(fileOf(key), { force: true })))
    },
    async startMultipart() {
      const multipartId = randomUUID()
      await written(join(unfinished, multipartId), 'w', async () => {})
      return multipartId
    },
    async putPart(_key, multipartId, partNumber, bytes) {
      if (partNumber === 1) partBytes.set(multipartId, bytes.length)
      const position = (partNumber - 1) * (await lengthOfParts(multipartId))
      const etag = randomUUID()
      lastWrites.set(`${multipartId} ${partNumber}`, etag)
      await written(join(unfinished, multipartId), 'r+', (handle) => handle.write(bytes, 0, bytes.length, position))
      return { partNumber, etag }
    },
    async completeMultipart(key, multipartId, parts) {
      const places = parts.map(({ partNumber, etag }) => ({ place: `${multipartId} ${partNumber}`, etag }))
      const lost = places.find(({ place, etag }) => (lastWrites.get(place) ?? etag) !== etag)
      if (lost || !(await exists(join(unfinished, multipartId)))) throw new LostParts(`parts of ${key}`)
      await moveTo(fileOf(key), join(unfinished, multipartId))
      for (const { place } of places) lastWrites.delete(place)
      partBytes.delete(multipartId)
    },
    async abortMultipart(_key, multipartId) {
      await rm(join(unfinished, multipartId), { force: true })
      partBytes.delete(multipartId)
    },
  }
}

/** Opens a file, lets `work` fill it, and makes sure that its bytes are on the disk. */
async function written(file: string, flags: string, work: (handle: FileHandle) => Promise<unknown>) {
  await mkdir(dirname(file), { recursive: true })
  const handle = await open(file, flags)
  try {
    await work(handle)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function moveTo(file: string, from: string) {
  await mkdir(dirname(file), { recursive: true })
  await rename(from, file)
}

const exists = (file: string) =>
  stat(file).then(
    (found) => found.isFile(),
    () => false,
  )
