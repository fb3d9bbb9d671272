import type { Context } from 'hono'
import { partBytes } from '../../blobs/blobStore.ts'
import { isDigest } from '../../domain/reference.ts'
import type { ChunkRange } from '../../domain/upload/appendChunk.ts'
import type { Body } from '../../domain/upload/bodyReader.ts'
import { RegistryError } from '../../errors.ts'

type Request = Pick<Context['req'], 'header' | 'raw'>

export const blobPath = (name: string, digest: string) => `/v2/${name}/blobs/${digest}`
export const manifestPath = (name: string, reference: string) => `/v2/${name}/manifests/${reference}`
const uploadPath = (name: string, id: string) => `/v2/${name}/blobs/uploads/${id}`

/** @throws `digest_invalid` for text that is no digest, or one of an algorithm that is not known here */
export function requireDigest(text: string | undefined): string {
  if (text === undefined || !isDigest(text)) {
    throw new RegistryError('digest_invalid', 'not a digest that this registry can check', {
      detail: { digest: text ?? null },
    })
  }
  return text
}

/** Where an upload stands: the next byte that it waits for, and where to send it. */
export function uploadHeaders(name: string, id: string, offset: number): Record<string, string> {
  return {
    Location: uploadPath(name, id),
    'Docker-Upload-UUID': id,
    Range: `0-${Math.max(offset - 1, 0)}`,
    'OCI-Chunk-Min-Length': String(partBytes),
  }
}

export function requestBody({ req }: { req: Request }): Body {
  const text = req.header('content-length')
  return {
    stream: req.raw.body,
    lengthBytes: text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined,
  }
}

/** `Content-Range: 0-1023`; some clients write `bytes 0-1023/*`. @throws `range_invalid` */
export function chunkRange({ req }: { req: Request }): ChunkRange | undefined {
  const text: string | undefined = req.header('content-range')
  if (text === undefined) return undefined
  const [, first, last] = /^(?:bytes[ =])?(\d{1,15})-(\d{1,15})(?:\/(?:\d+|\*))?$/.exec(text.trim()) ?? []
  if (first === undefined || last === undefined) throw new RegistryError('range_invalid', `bad Content-Range: ${text}`)
  return { first: Number(first), last: Number(last) }
}
