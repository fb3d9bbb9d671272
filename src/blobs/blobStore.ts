import type { Presign } from './presign.ts'

/** Bytes of a part of an object that arrives in parts: all but the last are as long as this. */
export const partBytes = 8 * 1024 * 1024
/** R2 takes no more of them. */
export const partsMax = 10_000

/** A part of the bytes: from `offset`, `length` of them. */
export interface ByteRange {
  offset: number
  length: number
}

export interface UploadedPart {
  partNumber: number
  etag: string
}

/** The parts of an object are not what their writer put there: another one was at it, gave it up, or made the object of them. */
export class LostParts extends Error {
  override readonly name = 'LostParts'
}

/** What is known of a client's pull. */
export interface Pull {
  /** Of the whole, whatever the range. */
  sizeBytes: number
  range?: ByteRange | undefined
  /** Takes what the answer need not wait for. */
  waitUntil(work: Promise<unknown>): void
}

/** Content by key. Nothing here knows digests: the store says which key holds which digest. */
export interface BlobStore {
  /** The bytes, or undefined where there is no such key. */
  get(key: string, range?: ByteRange): Promise<ReadableStream<Uint8Array> | undefined>
  /** The same for clients, where what they pull is kept near them. */
  pull?(key: string, pull: Pull): Promise<ReadableStream<Uint8Array> | undefined>
  /** An address that gives the bytes to whoever has it, for so many seconds. A store that has none streams them. */
  presign?: Presign | undefined
  has(key: string): Promise<boolean>
  put(key: string, bytes: Uint8Array): Promise<void>
  delete(keys: string[]): Promise<void>
  /** Begins an object that arrives in parts, and gives its id. */
  startMultipart(key: string): Promise<string>
  /** @throws LostParts */
  putPart(key: string, multipartId: string, partNumber: number, bytes: Uint8Array): Promise<UploadedPart>
  /** @throws LostParts */
  completeMultipart(key: string, multipartId: string, parts: UploadedPart[]): Promise<void>
  /** Also of one that is no more. */
  abortMultipart(key: string, multipartId: string): Promise<void>
}
