import { SHA256 } from '@stablelib/sha256'
import { SHA512 } from '@stablelib/sha512'
import { base64url } from 'jose'
import { RegistryError } from '../../errors.ts'
import { toHex } from '../token/secret.ts'

export type DigestAlgorithm = 'sha256' | 'sha512'

export const isDigestAlgorithm = (text: string): text is DigestAlgorithm => text === 'sha256' || text === 'sha512'

export const algorithmOf = (digest: string) => digest.slice(0, digest.indexOf(':')) as DigestAlgorithm

/** The digest of bytes that are all here. */
export async function digestOf(bytes: Uint8Array<ArrayBuffer>, algorithm: DigestAlgorithm = 'sha256'): Promise<string> {
  const hash = await crypto.subtle.digest(algorithm === 'sha256' ? 'SHA-256' : 'SHA-512', bytes)
  return `${algorithm}:${toHex(new Uint8Array(hash))}`
}

/** A hash that takes bytes as they pass. */
export interface RunningHash {
  readonly algorithm: DigestAlgorithm
  update(bytes: Uint8Array): Promise<void>
  digest(): Promise<string>
  /** Its state as text, from which any Worker can go on; the runtime's own hashes have none. */
  save?(): string
}

/** The runtime's own hash where it has one that streams: five times as fast, but its state cannot be kept. */
export function startHash(algorithm: DigestAlgorithm): RunningHash {
  if (!('DigestStream' in crypto)) return resumableHash(algorithm)
  const stream = new crypto.DigestStream(algorithm === 'sha256' ? 'SHA-256' : 'SHA-512')
  const writer = stream.getWriter()
  return {
    algorithm,
    update: (bytes) => writer.write(bytes),
    async digest() {
      await writer.close()
      return `${algorithm}:${toHex(new Uint8Array(await stream.digest))}`
    },
  }
}

/** A hash whose state can be kept; `state` is where to go on. @throws Error for a state that is not whole */
export function resumableHash(algorithm: DigestAlgorithm, state?: string): RunningHash {
  const hash = algorithm === 'sha256' ? new SHA256() : new SHA512()
  if (state !== undefined) restore(hash, algorithm, state)
  return {
    algorithm,
    update: async (bytes) => void hash.update(bytes),
    digest: async () => `${algorithm}:${toHex(hash.digest())}`,
    save: () => save(hash, algorithm),
  }
}

/** The algorithm that a kept state is of. */
export const algorithmOfState = (state: string) => algorithmOf(state)

/*
 * A kept state is a fixed struct, never code: its format's number, the bytes hashed so far, the chaining words, the
 * bytes of the unfinished block, and four bytes of a checksum over all that.
 */
const format = 1
const headBytes = 10
const checksumBytes = 4
const stateBytes = { sha256: 32, sha512: 64 } as const
const blockBytes = { sha256: 64, sha512: 128 } as const

function save(hash: SHA256 | SHA512, algorithm: DigestAlgorithm): string {
  const words = stateBytes[algorithm]
  const bytes = new Uint8Array(headBytes + words + blockBytes[algorithm] + checksumBytes)
  const view = new DataView(bytes.buffer)
  const { buffer, bufferLength, bytesHashed } = hash.saveState()
  view.setUint8(0, format)
  view.setUint8(1, bufferLength)
  view.setBigUint64(2, BigInt(bytesHashed))
  wordsOf(hash).forEach((word, i) => {
    view.setInt32(headBytes + 4 * i, word)
  })
  if (buffer) bytes.set(buffer.subarray(0, bufferLength), headBytes + words)
  bytes.set(checksum(bytes), bytes.length - checksumBytes)
  return `${algorithm}:${base64url.encode(bytes)}`
}

function wordsOf(hash: SHA256 | SHA512): number[] {
  const saved = hash.saveState()
  return 'state' in saved ? [...saved.state] : [...saved.stateHi, ...saved.stateLo]
}

function restore(hash: SHA256 | SHA512, algorithm: DigestAlgorithm, text: string): void {
  const words = stateBytes[algorithm]
  const bytes = decode(text.slice(algorithm.length + 1))
  const isWhole =
    bytes.length === headBytes + words + blockBytes[algorithm] + checksumBytes &&
    bytes[0] === format &&
    (bytes[1] ?? 0) <= blockBytes[algorithm] &&
    checksum(bytes).every((byte, i) => byte === bytes[bytes.length - checksumBytes + i])
  if (!isWhole) throw new RegistryError('upload_invalid', 'the state of this upload cannot be read: start it again')
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const bufferLength = view.getUint8(1)
  const bytesHashed = Number(view.getBigUint64(2))
  const chain = Int32Array.from({ length: words / 4 }, (_, i) => view.getInt32(headBytes + 4 * i))
  const buffer = new Uint8Array(2 * blockBytes[algorithm])
  buffer.set(bytes.subarray(headBytes + words, headBytes + words + bufferLength))
  const common = { buffer, bufferLength, bytesHashed }
  if (hash instanceof SHA256) hash.restoreState({ state: chain, ...common })
  else hash.restoreState({ stateHi: chain.subarray(0, 8), stateLo: chain.subarray(8), ...common })
}

function decode(text: string): Uint8Array {
  try {
    return base64url.decode(text)
  } catch {
    return new Uint8Array()
  }
}

const checksum = (bytes: Uint8Array) =>
  new SHA256()
    .update(bytes.subarray(0, bytes.length - checksumBytes))
    .digest()
    .subarray(0, checksumBytes)
