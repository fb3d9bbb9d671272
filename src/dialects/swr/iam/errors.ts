import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { renderError } from '../errors.ts'

const titles: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
}

/** IAM's own form of an error. */
export async function renderIamError(error: Error, c: Context): Promise<Response> {
  const response = renderError(error, c)
  const { error_msg: message } = (await response.json()) as { error_msg: string }
  const code = response.status
  const body = { error: { code, message, title: titles[code] ?? 'Internal Server Error' } }
  return new Response(JSON.stringify(body), { status: code, headers: response.headers })
}

const IamErrorView = z
  .object({ error: z.object({ code: z.int(), message: z.string(), title: z.string() }) })
  .openapi('IamError')

/** What every endpoint may answer instead of what it is for. */
export const iamRefusals = {
  default: { description: 'The request was refused', content: { 'application/json': { schema: IamErrorView } } },
}
