import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LostParts, partBytes } from '../../src/blobs/blobStore.ts'
import { fileBlobs, giveUpUnfinished } from '../../src/blobs/files.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quayside-files-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const part = (byte: number, length = partBytes) => new Uint8Array(length).fill(byte)
const read = async (blobs: ReturnType<typeof fileBlobs>, key: string) =>
  new Uint8Array(await new Response(await blobs.get(key)).arrayBuffer())

describe('a folder of blobs', () => {
  it('makes one blob of parts that several processes wrote', async () => {
    const id = await fileBlobs(folder).startMultipart('blobs/a')
    const parts = []
    for (const [i, bytes] of [part(1), part(2), part(3, 5)].entries()) {
      parts.push(await fileBlobs(folder).putPart('blobs/a', id, i + 1, bytes))
    }
    const blobs = fileBlobs(folder)
    expect(await blobs.has('blobs/a')).toBe(false)
    await blobs.completeMultipart('blobs/a', id, parts)
    const whole = await read(blobs, 'blobs/a')
    expect(whole.length).toBe(2 * partBytes + 5)
    expect([whole[partBytes - 1], whole[partBytes], whole.at(-6), whole.at(-5), whole.at(-1)]).toEqual([1, 2, 2, 3, 3])
    expect(await readdir(join(folder, '.unfinished'))).toEqual([])
  })

  it('leaves out what a writer that was cut off has left behind the last part', async () => {
    const blobs = fileBlobs(folder)
    const id = await blobs.startMultipart('blobs/a')
    const first = await blobs.putPart('blobs/a', id, 1, part(1))
    await blobs.putPart('blobs/a', id, 2, part(2))
    const last = await fileBlobs(folder).putPart('blobs/a', id, 2, part(3, 7))
    await fileBlobs(folder).completeMultipart('blobs/a', id, [first, last])
    expect((await read(blobs, 'blobs/a')).length).toBe(partBytes + 7)
  })

  it.each([
    { case: 'by this process', again: () => fileBlobs(folder) },
    { case: 'by one that is gone', again: () => undefined },
  ])('makes no blob of a part that another writer has replaced, $case', async ({ again }) => {
    const blobs = fileBlobs(folder)
    const id = await blobs.startMultipart('blobs/a')
    const first = await blobs.putPart('blobs/a', id, 1, part(1))
    await (again() ?? blobs).putPart('blobs/a', id, 1, part(2))
    const ending = again() ?? blobs
    await expect(ending.completeMultipart('blobs/a', id, [first])).rejects.toThrow(LostParts)
    expect(await ending.has('blobs/a')).toBe(false)
  })

  it('writes nothing into a blob once it is whole, nor into one that was given up', async () => {
    const blobs = fileBlobs(folder)
    const [id, other] = [await blobs.startMultipart('blobs/a'), await blobs.startMultipart('blobs/b')]
    const first = await blobs.putPart('blobs/a', id, 1, part(1, 9))
    const late = Promise.allSettled([
      blobs.completeMultipart('blobs/a', id, [first]),
      blobs.putPart('blobs/a', id, 1, part(2, 9)),
      blobs.abortMultipart('blobs/b', other),
      blobs.putPart('blobs/b', other, 1, part(2, 9)),
    ])
    const lost = { status: 'rejected', reason: expect.any(LostParts) }
    expect(await late).toEqual([
      expect.objectContaining({ status: 'fulfilled' }),
      lost,
      expect.objectContaining({ status: 'fulfilled' }),
      lost,
    ])
    expect(await read(blobs, 'blobs/a')).toEqual(part(1, 9))
    await expect(blobs.completeMultipart('blobs/a', id, [first])).rejects.toThrow(LostParts)
    await blobs.abortMultipart('blobs/a', id)
  })

  it('gives up what nobody has gone on with for long', async () => {
    const blobs = fileBlobs(folder)
    const [old, recent] = [await blobs.startMultipart('blobs/a'), await blobs.startMultipart('blobs/b')]
    await utimes(join(folder, '.unfinished', old), 1, 1)
    await giveUpUnfinished(folder, new Date(Date.now() - 60_000))
    expect(await readdir(join(folder, '.unfinished'))).toEqual([recent])
    await expect(blobs.putPart('blobs/a', old, 1, part(1, 1))).rejects.toThrow(LostParts)
    await giveUpUnfinished(join(folder, 'nowhere'), new Date())
  })

  it.each(['../a', '/etc/passwd', '.unfinished/a'])('keeps to its folder: %s', async (key) => {
    await expect(fileBlobs(folder).put(key, part(1, 1))).rejects.toThrow("not a blob's key")
    await expect(fileBlobs(folder).get(key)).rejects.toThrow("not a blob's key")
  })
})
