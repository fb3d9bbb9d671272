import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { type ErrorCode, RegistryError } from '../../errors.ts'

/** SWR's error codes as far as they are used here; the first three digits are the HTTP status. */
export const errorCodes = {
  '4000014': 'Invalid parameter',
  '4000056': 'Invalid page size',
  '4000097': 'Too many organizations',
  '4000306': 'The retention rule does not exist',
  '4001014': 'A mandatory parameter is missing',
  '4001018': 'The request body is not valid',
  '4001028': 'Invalid organization name',
  '4001029': 'Invalid image name',
  '4001035': 'Invalid filter',
  '4001065': 'An organization needs somebody who manages it',
  '4001066': 'Invalid permission',
  '4001067': 'Unknown user',
  '4001090': 'The shared account does not exist',
  '4001096': 'Invalid order column or order type',
  '4001158': 'The synchronization does not exist',
  '4009021': 'Invalid tag name',
  '4010000': 'Authentication failed',
  '4030170': 'Insufficient permissions',
  '4040058': 'The organization does not exist',
  '4040078': 'The permission on the organization does not exist',
  '4040083': 'There is nothing at this URL',
  '4040091': 'The permission on the image does not exist',
  '4040113': 'The image does not exist',
  '4040115': 'The image tag does not exist',
  '4050000': 'The method is not allowed for this URL',
  '4060074': 'The organization still holds images',
  '4090006': 'The image or tag already exists',
  '4090060': 'The organization already exists',
  '4090076': 'The permission on the organization already exists',
  '4090089': 'The permission on the image already exists',
  '4130000': 'The request is too large',
  '4131012': 'The description is too long',
  '4290000': 'Too many requests',
  '5000003': 'Internal error',
} as const

export type SwrCode = keyof typeof errorCodes

const wire = {
  unauthenticated: '4010000',
  fresh_login_required: '4010000',
  denied: '4030170',
  not_found: '4040083',
  invalid: '4000014',
  rule: '4000014',
  conflict: '4090006',
  throttled: '4290000',
  unsupported: '4000014',
  too_large: '4130000',
  read_only: '4030170',
  license: '4030170',
  namespace_unknown: '4040058',
  repository_unknown: '4040113',
  repository_exists: '4090006',
  name_invalid: '4001029',
  tag_unknown: '4040115',
  tag_exists: '4090006',
  tag_invalid: '4009021',
  tag_immutable: '4030170',
  manifest_unknown: '4040115',
  manifest_invalid: '4000014',
  manifest_blob_unknown: '4000014',
  digest_invalid: '4000014',
  blob_unknown: '4040115',
  upload_unknown: '4040083',
  upload_invalid: '4000014',
  size_invalid: '4000014',
  range_invalid: '4000014',
} as const satisfies Record<ErrorCode, SwrCode>

/** An error that has a code of its own in this dialect. */
export class SwrError extends Error {
  readonly code: SwrCode
  readonly headers: Record<string, string>

  constructor(code: SwrCode, message: string = errorCodes[code], headers: Record<string, string> = {}) {
    super(message)
    this.code = code
    this.headers = headers
  }
}

/** Renders any error; the one place that does. */
export function renderError(error: Error, c: Context): Response {
  const known = error instanceof SwrError || error instanceof RegistryError
  if (!known) console.error(error)
  const code: SwrCode = error instanceof SwrError ? error.code : known ? wire[(error as RegistryError).code] : '5000003'
  const message = known ? error.message : errorCodes[code]
  const headers = error instanceof SwrError ? error.headers : {}
  return c.json(errorBody(code, message), Number(code.slice(0, 3)) as ContentfulStatusCode, headers)
}

/** Terraform reads `errors`, the SDKs read the outer two: an answer has the old and the new form at once. */
function errorBody(digits: SwrCode, message: string) {
  const code = `SVCSTG.SWR.${digits}`
  return {
    errors: [{ errorCode: code, errorMessage: message, detail: message }],
    error_code: code,
    error_msg: message,
    details: [{ error_code: code, error_msg: message }],
  }
}
