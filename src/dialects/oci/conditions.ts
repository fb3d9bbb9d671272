import type { ByteRange } from '../../blobs/blobStore.ts'

/**
 * The one range of a `Range` header. Undefined where there is none, or one that a server may pass over: more than one
 * range, another unit, or something that is no range at all.
 */
export function parseRange(header: string | undefined, sizeBytes: number): ByteRange | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? []
  if (first === undefined || last === undefined || first + last === '') return undefined
  if (first === '') {
    const length = Math.min(Number(last), sizeBytes)
    return length === 0 ? 'unsatisfiable' : { offset: sizeBytes - length, length }
  }
  const offset = Number(first)
  if (offset >= sizeBytes || (last !== '' && Number(last) < offset)) return 'unsatisfiable'
  const end = last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1)
  return { offset, length: end - offset + 1 }
}
