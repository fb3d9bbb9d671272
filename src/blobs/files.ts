import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { Readable } from 'node:stream'
import { type BlobStore, LostParts, partBytes } from './blobStore.ts'

/**
 * Blobs as files below a folder. A blob in parts is written in its place in one file, which gets its name when it is
 * whole: its bytes are never copied, and a crash leaves nothing under a blob's own name that is not complete.
 */
export function fileBlobs(folder: string): BlobStore {
  const root = resolve(folder)
  const unfinished = join(root, '.unfinished')
  /** Etags of the parts that this process has written: of two writers at one place, the first one's part is gone. */
  const writtenParts = new Map<string, Map<number, string>>()
  const inTurn = turnTaking()

  const fileOf = (key: string) => {
    const file = resolve(root, key)
    if (!file.startsWith(root + sep) || file.startsWith(unfinished)) throw new Error(`not a blob's key: ${key}`)
    return file
  }
  const writeAside = async (bytes: Uint8Array) => {
    const name = randomUUID()
    await mkdir(unfinished, { recursive: true })
    await withFile(join(unfinished, name), 'w', async (handle) => {
      await writeAll(handle, bytes, 0)
      await handle.sync()
    })
    return name
  }
  const nameIt = async (name: string, key: string) => {
    await mkdir(dirname(fileOf(key)), { recursive: true })
    await rename(join(unfinished, name), fileOf(key))
  }

  return {
    async get(key, range) {
      const file = fileOf(key)
      if (!(await isFile(file))) return undefined
      const bounds = range && { start: range.offset, end: range.offset + range.length - 1 }
      return Readable.toWeb(createReadStream(file, bounds)) as unknown as ReadableStream<Uint8Array>
    },
    has: (key) => isFile(fileOf(key)),
    async put(key, bytes) {
      await nameIt(await writeAside(bytes), key)
    },
    async delete(keys) {
      await Promise.all(keys.map((key) => rm(fileOf(key), { force: true })))
    },
    startMultipart: () => writeAside(new Uint8Array()),
    putPart: (key, multipartId, partNumber, bytes) =>
      inTurn(multipartId, async () => {
        const parts = writtenParts.get(multipartId) ?? new Map<number, string>()
        writtenParts.set(multipartId, parts)
        parts.delete(partNumber)
        await withFile(join(unfinished, multipartId), 'r+', async (handle) => {
          await writeAll(handle, bytes, (partNumber - 1) * partBytes)
          await handle.sync()
        }).catch((cause) => lost(key, cause))
        const etag = etagOf(bytes)
        parts.set(partNumber, etag)
        return { partNumber, etag }
      }),
    completeMultipart: (key, multipartId, parts) =>
      inTurn(multipartId, async () => {
        const written = writtenParts.get(multipartId)
        await withFile(join(unfinished, multipartId), 'r+', async (handle) => {
          for (const { partNumber, etag } of parts) {
            // What another process wrote may have been cut off, with that process.
            const found = written?.get(partNumber) ?? etagOf(await readPart(handle, partNumber, lengthOf(etag)))
            if (found !== etag) throw new LostParts(`part ${partNumber} of ${key}`)
          }
          await handle.truncate(parts.reduce((sum, { etag }) => sum + lengthOf(etag), 0))
          await handle.sync()
        }).catch((cause) => lost(key, cause))
        await nameIt(multipartId, key)
        writtenParts.delete(multipartId)
      }),
    abortMultipart: (_key, multipartId) =>
      inTurn(multipartId, async () => {
        await rm(join(unfinished, multipartId), { force: true })
        writtenParts.delete(multipartId)
      }),
  }
}

/** Gives up what was begun and not gone on with since, as a bucket does by itself after a week. */
export async function giveUpUnfinished(folder: string, since: Date): Promise<void> {
  const unfinished = join(resolve(folder), '.unfinished')
  const names = await readdir(unfinished).catch(() => [])
  for (const name of names) {
    const { mtime } = await stat(join(unfinished, name))
    if (mtime < since) await rm(join(unfinished, name), { force: true })
  }
}

/** A part's length, and what is in it. */
const etagOf = (bytes: Uint8Array) => `${bytes.length}-${createHash('sha256').update(bytes).digest('hex')}`
const lengthOf = (etag: string) => Number.parseInt(etag, 10) || 0

function lost(key: string, cause: unknown): never {
  const isGone = (cause as NodeJS.ErrnoException).code === 'ENOENT'
  throw isGone ? new LostParts(`parts of ${key}`, { cause }) : cause
}

async function withFile(file: string, flags: string, work: (handle: FileHandle) => Promise<void>) {
  const handle = await open(file, flags)
  try {
    await work(handle)
  } finally {
    await handle.close()
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number) {
  for (let done = 0; done < bytes.length; ) {
    done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten
  }
}

async function readPart(handle: FileHandle, partNumber: number, length: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(length)
  let filled = 0
  for (let read = -1; read !== 0 && filled < length; filled += read) {
    read = (await handle.read(buffer, filled, length - filled, (partNumber - 1) * partBytes + filled)).bytesRead
  }
  return buffer.subarray(0, filled)
}

/** Runs what has the same name one after the other. */
function turnTaking() {
  const last = new Map<string, Promise<unknown>>()
  return <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const turn = (last.get(name) ?? Promise.resolve()).then(work, work)
    last.set(name, turn)
    const forget = () => {
      if (last.get(name) === turn) last.delete(name)
    }
    turn.then(forget, forget)
    return turn
  }
}

const isFile = (file: string) =>
  stat(file).then(
    (found) => found.isFile(),
    () => false,
  )
