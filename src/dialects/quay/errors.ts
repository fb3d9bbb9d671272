import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { type ErrorCode, RegistryError } from '../../errors.ts'

/** Quay's error types, by which its clients look errors up. */
export const errorTypes = {
  expired_token: 'The access token has expired: get a new one',
  invalid_token: 'The request has no access token, or one that is not known here',
  invalid_request: 'The request is not valid as it is: the detail says why',
  invalid_response: 'The answer that was made does not fit its own description',
  insufficient_scope: 'The caller, or the scope of its token, does not reach as far as this',
  fresh_login_required: 'The password has to be given again before this',
  exceeds_license: 'The plan does not include this',
  not_found: 'There is nothing here',
  downstream_issue: 'A service that this one relies on failed',
  external_service_timeout: 'A service that this one relies on did not answer in time',
  tag_immutable: 'The tag is immutable: it can be neither moved nor deleted',
  token_rotation_failed: 'The token could not be replaced',
} as const

export type ErrorType = keyof typeof errorTypes

/** How an error reads here: a problem (typed), a bare message, or plain text. */
type Form = readonly [status: ContentfulStatusCode, form: ErrorType | 'message' | 'text', fixedText?: string]

const wire = {
  unauthenticated: [401, 'invalid_token', 'Requires authentication'],
  fresh_login_required: [401, 'fresh_login_required', 'Requires fresh login'],
  denied: [403, 'insufficient_scope', 'Unauthorized'],
  not_found: [404, 'not_found', 'Not Found'],
  invalid: [400, 'invalid_request'],
  rule: [400, 'message'],
  conflict: [400, 'invalid_request'],
  throttled: [429, 'text'],
  unsupported: [400, 'invalid_request'],
  too_large: [413, 'message'],
  read_only: [503, 'message'],
  license: [402, 'exceeds_license', 'Payment Required'],
  namespace_unknown: [404, 'not_found', 'Not Found'],
  repository_unknown: [404, 'not_found', 'Not Found'],
  repository_exists: [400, 'invalid_request', 'Repository already exists'],
  name_invalid: [400, 'invalid_request', 'Invalid repository name'],
  tag_unknown: [404, 'not_found', 'Not Found'],
  tag_exists: [400, 'invalid_request'],
  tag_invalid: [400, 'message'],
  tag_immutable: [409, 'tag_immutable'],
  manifest_unknown: [404, 'not_found', 'Not Found'],
  manifest_invalid: [400, 'invalid_request'],
  manifest_blob_unknown: [400, 'invalid_request'],
  digest_invalid: [400, 'invalid_request'],
  blob_unknown: [404, 'not_found', 'Not Found'],
  upload_unknown: [404, 'not_found', 'Not Found'],
  upload_invalid: [400, 'invalid_request'],
  size_invalid: [400, 'invalid_request'],
  range_invalid: [416, 'message'],
} as const satisfies Record<ErrorCode, Form>

/** An error in a form that only this dialect has. */
export class QuayError extends Error {
  readonly status: ContentfulStatusCode
  readonly body: Record<string, unknown>
  readonly headers: Record<string, string>

  constructor(status: ContentfulStatusCode, body: Record<string, unknown>, headers: Record<string, string> = {}) {
    super(JSON.stringify(body))
    this.status = status
    this.body = body
    this.headers = headers
  }
}

/** `{"message": …}`, the form of the framework that Quay stands on. */
export const messageError = (status: ContentfulStatusCode, message: unknown) => new QuayError(status, { message })
/** `{"error": …}`, the form of what is refused before an endpoint is reached. */
export const plainError = (status: ContentfulStatusCode, error: string) => new QuayError(status, { error })

/** Of what the model itself refuses, some endpoints tell the bare message: chain it to the domain call. */
export function inMessageForm(error: unknown): never {
  if (error instanceof RegistryError && error.code === 'invalid') throw messageError(400, error.message)
  throw error
}

/** Renders any error; the one place that does. */
export function renderError(error: Error, c: Context): Response {
  if (error instanceof QuayError) return c.json(error.body, error.status, error.headers)
  if (!(error instanceof RegistryError)) {
    console.error(error)
    return c.json({ message: 'Internal Server Error' }, 500)
  }
  const [status, form, fixedText]: Form = wire[error.code]
  const text = fixedText ?? error.message
  const { seconds } = error.detail
  if (typeof seconds === 'number') c.header('Retry-After', String(Math.floor(seconds)))
  if (form === 'text') return c.text(text, status)
  if (form === 'message') return c.json({ message: text }, status)
  return c.json(problem(c, form, status, text), status)
}

/** The body of a typed error; `extra` keys stand in front. */
export function problem(
  c: Context,
  type: ErrorType,
  status: number,
  text: string,
  extra: Record<string, unknown> = {},
) {
  const url = new URL(`/api/v1/error/${type}`, c.req.url).href
  return { ...extra, detail: text, error_message: text, error_type: type, title: type, type: url, status }
}
