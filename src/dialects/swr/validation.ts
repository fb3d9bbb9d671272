import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { core } from 'zod'
import type { SwrEnv } from './env.ts'
import { type SwrCode, SwrError } from './errors.ts'

/** Text of a query. Given twice it is a list, of which whoever reads it takes the first. */
export const queryText = (description: string) =>
  z
    .union([z.string(), z.array(z.string())])
    .optional()
    .openapi({ type: 'string', description })

/** For a schema's `refine`: what it refuses is refused with this code. */
export const withCode = (code: SwrCode, message: string) => ({ message, params: { code } })

/** A body is JSON whatever its type says: the type's documented default is JSON. */
export const requireJson = createMiddleware<SwrEnv>(async (c, next) => {
  try {
    await c.req.json()
  } catch {
    throw new SwrError('4001018', 'the request body is not valid JSON')
  }
  const headers = new Headers(c.req.raw.headers)
  headers.set('content-type', 'application/json')
  c.req.raw = new Request(c.req.url, { method: c.req.method, headers })
  await next()
})

type Failure = { success: false; error: core.$ZodError; target: string }

/** What a request that fails its schema is told. A schema's own issue may carry the code that it is to be refused with. */
export function refuseInvalid(result: { success: true } | Failure, _: Context): undefined {
  if (result.success) return
  const issues = result.error.issues
  const issue = issues.find(isMissing) ?? issues[0]
  const name = issue?.path.join('.') ?? ''
  const text = name ? `${name}: ${issue?.message}` : (issue?.message ?? 'invalid request')
  if (issue && 'params' in issue && issue.params?.code) throw new SwrError(issue.params.code, text)
  if (name === '' && result.target === 'json') throw new SwrError('4001018', text)
  throw new SwrError(issue && isMissing(issue) ? '4001014' : '4000014', text)
}

const isMissing = (issue: core.$ZodIssue) => issue.code === 'invalid_type' && /received undefined/.test(issue.message)
