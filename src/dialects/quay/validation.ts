import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { core } from 'zod'
import type { QuayEnv } from './env.ts'
import { messageError, problem } from './errors.ts'

/** A boolean of a query, read as Quay reads it: false for a few words, true for any other text, even `no`. */
export const queryFlag = (byDefault: boolean, description: string) =>
  z
    .string()
    .optional()
    .transform((text) => readFlag(text, byDefault))
    .openapi({ type: 'boolean', description, default: byDefault })

/** The same, where leaving it out says something too. */
export const optionalFlag = (description: string) =>
  z
    .string()
    .optional()
    .transform((text) => (text === undefined ? undefined : isTruthy(text)))
    .openapi({ type: 'boolean', description })

/** The same of a query that nobody has checked yet. */
export const readFlag = (text: string | undefined, byDefault: boolean) =>
  text === undefined ? byDefault : isTruthy(text)

const isTruthy = (text: string) => !['false', 'False', 'FALSE', '0', '', 'null'].includes(text)

/** A whole number of a query; spaces around it are fine. Its description is what a caller hears who gives another text. */
export const queryInteger = <D extends number | undefined>(byDefault: D, description: string) =>
  z
    .string()
    .regex(/^\s*[+-]?\d{1,18}\s*$/, description)
    .optional()
    .transform((text) => readInteger(text, byDefault))
    .openapi({ type: 'integer', description, default: byDefault })

/** The same of a query that nobody has checked yet: what is no integer is none here either. */
export const readInteger = <D extends number | undefined>(text: string | undefined, byDefault: D): number | D =>
  text === undefined ? byDefault : Number(text)

const notInteger = 'integer'

/** A whole number of a body. To zod, text where it should be is no `number`; to Quay's clients it is no `integer`. */
export const bodyInteger = () => z.int({ error: (issue) => (issue.code === 'invalid_type' ? notInteger : undefined) })

export const queryText = (description: string) => z.string().optional().openapi({ description })

/** Refuses a body that is not JSON before its schema is asked. */
export const requireJson = createMiddleware<QuayEnv>(async (c, next) => {
  if (!/^application\/([\w.-]+\+)?json\b/i.test(c.req.header('content-type') ?? '')) {
    throw messageError(
      415,
      "Did not attempt to load JSON data because the request Content-Type was not 'application/json'.",
    )
  }
  let body: unknown
  try {
    body = await c.req.json()
  } catch {
    throw messageError(400, 'The request body is not valid JSON.')
  }
  if (body === null) return c.json(problem(c, 'invalid_request', 400, 'Missing JSON body'), 400)
  refuseDeep(body)
  await next()
})

/** No body of the API goes deeper; what does would exhaust the stack of whoever walks through it. */
const depthMax = 64

function refuseDeep(body: unknown): void {
  let level: unknown[] = [body]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > depthMax) throw messageError(400, 'The request body is nested too deeply.')
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []))
  }
}

/** A body that may be missing may also be anything that is not JSON, or null: it says nothing then. */
export const forgiveBody = createMiddleware<QuayEnv>(async (c, next) => {
  const body: unknown = await c.req.json().catch(() => null)
  refuseDeep(body)
  if (body === null) {
    const headers = new Headers(c.req.raw.headers)
    headers.delete('content-type')
    c.req.raw = new Request(c.req.raw.url, { method: c.req.method, headers })
  }
  await next()
})

type Failure = { success: false; error: core.$ZodError; target: string }

/** What a request that fails its schema is told: of a query, the parameter's help text; of a body, the first reason. */
export async function refuseInvalid(result: { success: true } | Failure, c: Context): Promise<Response | undefined> {
  if (result.success) return undefined
  const { issues } = result.error
  if (result.target === 'query') {
    const [issue] = issues
    return c.json({ message: { [String(issue?.path[0] ?? '')]: issue?.message } }, 400)
  }
  if (result.target === 'param') {
    const [issue] = issues
    if (issue?.code === 'custom') return c.json({ message: issue.message }, 400)
    return c.json(problem(c, 'not_found', 404, 'Not Found'), 404)
  }
  const body: unknown = await c.req.json()
  return c.json(problem(c, 'invalid_request', 400, bestReason(issues, body)), 400)
}

/** The issue nearest to the root of the body speaks for all, in the words of the JSON Schema library that Quay uses. */
function bestReason(issues: readonly core.$ZodIssue[], body: unknown): string {
  const ranked = issues.map((issue) => {
    const value = valueAt(body, issue.path)
    const missing = value === undefined && issue.path.length > 0
    return { issue, value, missing, depth: issue.path.length - (missing ? 1 : 0) }
  })
  const best = ranked.reduce((a, b) => (b.depth < a.depth ? b : a))
  if (best.missing) return `${literal(best.issue.path.at(-1))} is a required property`
  return reason(best.issue, best.value)
}

function reason(issue: core.$ZodIssue, value: unknown): string {
  const it = literal(value)
  switch (issue.code) {
    case 'invalid_type':
      return `${it} is not of type '${issue.message === notInteger ? notInteger : jsonType(issue.expected)}'`
    case 'invalid_value': {
      const expected = new Set(issue.values.filter((v) => v !== null).map((v) => typeof v))
      const [type] = expected
      const nullable = issue.values.includes(null)
      if (type && expected.size === 1 && typeof value !== type && !(value === null && nullable) && !nullable) {
        return `${it} is not of type '${type}'`
      }
      return `${it} is not one of [${issue.values.map(literal).join(', ')}]`
    }
    case 'too_small':
      if (issue.origin !== 'string' && issue.origin !== 'array')
        return `${it} is less than the minimum of ${issue.minimum}`
      return issue.minimum === 1 ? `${it} should be non-empty` : `${it} is too short`
    case 'too_big':
      if (issue.origin === 'string' || issue.origin === 'array') return `${it} is too long`
      return `${it} is greater than the maximum of ${issue.maximum}`
    case 'invalid_union':
      return issue.errors[0]?.[0] ? reason(issue.errors[0][0], value) : issue.message
    default:
      return issue.message
  }
}

const jsonType = (expected: string) =>
  ({ int: 'integer', record: 'object', map: 'object', tuple: 'array', bool: 'boolean' })[expected] ?? expected

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], body)
}

/** A JSON value as Python writes it: clients of Quay match on these texts. */
function literal(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([key, item]) => `${quoted(key)}: ${literal(item)}`)
      .join(', ')}}`
  }
  return String(value)
}

const quoted = (text: string) => {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
  return text.includes("'") && !text.includes('"') ? `"${escaped}"` : `'${escaped.replaceAll("'", "\\'")}'`
}
