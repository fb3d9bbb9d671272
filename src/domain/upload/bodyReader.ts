import { RegistryError } from '../../errors.ts'

/** A body on its way in: its length where the client said it. */
export interface Body {
  stream: ReadableStream<Uint8Array> | null
  lengthBytes: number | undefined
}

/** Fills buffers from a request's body, whatever its length and however it is chopped: few reads, no copies of the whole. */
export interface BodyReader {
  /** Fills `buffer` from `from` on, as far as the body goes. The buffer that comes back takes the place of the given one. */
  fill(
    buffer: Uint8Array<ArrayBuffer>,
    from: number,
  ): Promise<{ buffer: Uint8Array<ArrayBuffer>; filled: number; ended: boolean }>
  /** Gives the rest of the body up. */
  cancel(): Promise<void>
}

type Read = Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>>

interface PatientReader {
  read(view: Uint8Array): Read
  /** Workers' own: one read for many small chunks. */
  readAtLeast?(bytes: number, view: Uint8Array): Read
  cancel(): Promise<void>
}

export function bodyReader(body: ReadableStream<Uint8Array> | null): BodyReader {
  if (!body) return { fill: async (buffer, from) => ({ buffer, filled: from, ended: true }), cancel: async () => {} }
  const reader = byteReader(body)
  return reader ? fillInPlace(reader) : fillByCopying(body)
}

function byteReader(body: ReadableStream): PatientReader | undefined {
  try {
    return body.getReader({ mode: 'byob' }) as unknown as PatientReader
  } catch {
    return undefined
  }
}

function fillInPlace(reader: PatientReader): BodyReader {
  return {
    async fill(given, from) {
      let buffer = given
      let filled = from
      while (filled < buffer.length) {
        const view = buffer.subarray(filled)
        const wanted = view.length
        const { done, value } = await (reader.readAtLeast ? reader.readAtLeast(wanted, view) : reader.read(view))
        // The read took the memory along: it comes back with the value.
        if (value) buffer = new Uint8Array(value.buffer)
        filled += value?.byteLength ?? 0
        if (done || (reader.readAtLeast && (value?.byteLength ?? 0) < wanted)) return { buffer, filled, ended: true }
      }
      return { buffer, filled, ended: false }
    },
    cancel: () => reader.cancel(),
  }
}

/** For bodies that are not byte streams: those that a program makes, under a test or in Node. */
function fillByCopying(body: ReadableStream<Uint8Array>): BodyReader {
  const reader = body.getReader()
  let rest: Uint8Array = new Uint8Array()
  return {
    async fill(buffer, from) {
      let filled = from
      while (filled < buffer.length) {
        if (rest.length === 0) {
          const { done, value } = await reader.read()
          if (done) return { buffer, filled, ended: true }
          rest = value
        }
        const taken = rest.subarray(0, buffer.length - filled)
        buffer.set(taken, filled)
        filled += taken.length
        rest = rest.subarray(taken.length)
      }
      return { buffer, filled, ended: false }
    },
    cancel: () => reader.cancel(),
  }
}

/** A body that has to be short, whole. @throws `too_large` */
export async function readLimited({ stream, lengthBytes }: Body, bytesMax: number): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => new RegistryError('too_large', `more than ${bytesMax} bytes`)
  if (lengthBytes !== undefined && lengthBytes > bytesMax) throw tooLarge()
  const reader = bodyReader(stream)
  let buffer = new Uint8Array(Math.min(bytesMax, lengthBytes ?? 64 * 1024) + 1)
  for (let filled = 0; ; ) {
    const step = await reader.fill(buffer, filled)
    filled = step.filled
    if (filled > bytesMax) throw tooLarge()
    if (step.ended) return step.buffer.slice(0, filled)
    buffer = new Uint8Array(Math.min(bytesMax + 1, 4 * filled))
    buffer.set(step.buffer)
  }
}
