/** What can go wrong, in the registry's own words. Each dialect has a table that says how it reads there. */
export type ErrorCode =
  | 'unauthenticated' // nobody is known, and somebody has to be
  | 'fresh_login_required'
  | 'denied' // somebody is known, and may not
  | 'not_found'
  | 'invalid' // the request as written makes no sense
  | 'rule' // the request is well formed, and a rule of the registry forbids it
  | 'conflict' // lost a race too often, or a name is taken
  | 'throttled'
  | 'unsupported'
  | 'too_large'
  | 'read_only' // the repository is not in a state that takes changes
  | 'license'
  | 'namespace_unknown'
  | 'repository_unknown'
  | 'repository_exists'
  | 'name_invalid'
  | 'tag_unknown'
  | 'tag_exists'
  | 'tag_invalid'
  | 'tag_immutable'
  | 'manifest_unknown'
  | 'manifest_invalid'
  | 'manifest_blob_unknown'
  | 'digest_invalid'
  | 'blob_unknown'
  | 'upload_unknown'
  | 'upload_invalid'
  | 'size_invalid'
  | 'range_invalid'

export interface ErrorDetail {
  cause?: unknown
  /** Facts for the client, such as the digest that is missing or the seconds to wait. */
  detail?: Record<string, unknown>
}

/** The one error that reaches a client. Anything else thrown is a bug of ours: 500, and no detail leaves the house. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError'
  readonly code: ErrorCode
  readonly detail: Record<string, unknown>

  constructor(code: ErrorCode, message: string, { cause, detail = {} }: ErrorDetail = {}) {
    super(message, { cause })
    this.code = code
    this.detail = detail
  }
}
