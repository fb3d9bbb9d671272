import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { type ErrorCode, RegistryError } from '../../errors.ts'
import { challenge } from './challenge.ts'
import type { OciEnv } from './env.ts'
import { uploadHeaders } from './wire.ts'

/** The specification's error codes, and those that Docker and Quay added. */
type Form = readonly [status: ContentfulStatusCode, code: string, fixedText?: string]

const wire = {
  unauthenticated: [401, 'UNAUTHORIZED'],
  fresh_login_required: [401, 'UNAUTHORIZED'],
  denied: [403, 'DENIED'],
  not_found: [404, 'NAME_UNKNOWN'],
  invalid: [400, 'INVALID_REQUEST'],
  rule: [400, 'UNSUPPORTED'],
  conflict: [409, 'CONFLICT'],
  throttled: [429, 'TOOMANYREQUESTS'],
  unsupported: [405, 'UNSUPPORTED'],
  too_large: [413, 'MANIFEST_INVALID'],
  read_only: [405, 'DENIED'],
  license: [402, 'DENIED'],
  namespace_unknown: [404, 'NAME_UNKNOWN'],
  repository_unknown: [404, 'NAME_UNKNOWN'],
  repository_exists: [409, 'CONFLICT'],
  name_invalid: [400, 'NAME_INVALID'],
  tag_unknown: [404, 'MANIFEST_UNKNOWN'],
  tag_exists: [409, 'TAG_INVALID'],
  tag_invalid: [400, 'TAG_INVALID'],
  tag_immutable: [409, 'TAG_IMMUTABLE'],
  manifest_unknown: [404, 'MANIFEST_UNKNOWN'],
  manifest_invalid: [400, 'MANIFEST_INVALID'],
  manifest_blob_unknown: [400, 'MANIFEST_BLOB_UNKNOWN'],
  digest_invalid: [400, 'DIGEST_INVALID'],
  blob_unknown: [404, 'BLOB_UNKNOWN'],
  upload_unknown: [404, 'BLOB_UPLOAD_UNKNOWN'],
  upload_invalid: [400, 'BLOB_UPLOAD_INVALID'],
  size_invalid: [400, 'SIZE_INVALID'],
  range_invalid: [416, 'RANGE_INVALID'],
} as const satisfies Record<ErrorCode, Form>

/** Renders any error; the one place that does. */
export async function renderError(error: Error, c: Context<OciEnv>): Promise<Response> {
  if (!(error instanceof RegistryError)) {
    console.error(error)
    return c.json({ errors: [{ code: 'UNKNOWN', message: 'internal error', detail: {} }] }, 500)
  }
  const [status, code, fixedText]: Form = wire[error.code]
  const { seconds, scope, ...detail } = error.detail
  if (status === 401) c.header('WWW-Authenticate', challenge(c, typeof scope === 'string' ? scope : undefined))
  if (typeof seconds === 'number') c.header('Retry-After', String(Math.floor(seconds)))
  for (const [name, value] of Object.entries(rangeHeaders(c, detail))) c.header(name, value)
  return c.json({ errors: [{ code, message: fixedText ?? error.message, detail }] }, status)
}

/** Where an upload waits for its next byte, or how long a blob is, for a client whose range was out of place. */
function rangeHeaders(c: Context<OciEnv>, { offset, sizeBytes }: Record<string, unknown>): Record<string, string> {
  if (typeof offset === 'number') return uploadHeaders(c.req.param('name') ?? '', c.req.param('id') ?? '', offset)
  return typeof sizeBytes === 'number' ? { 'Content-Range': `bytes */${sizeBytes}` } : {}
}
