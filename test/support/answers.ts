import type { RouteConfig } from '@hono/zod-openapi'
import { expect } from 'vitest'
import type { ZodType } from 'zod'
import { quayBase, quayPath } from '../../src/dialects/quay/index.ts'
import { documentedDialects } from '../../src/documents/openapi.ts'
import type { Settings } from '../../src/settings.ts'

const routes = documentedDialects.flatMap(({ base, endpoints }) =>
  endpoints.map(({ route }) => ({
    route,
    method: route.method.toUpperCase(),
    path: new RegExp(`^${(base + route.path).replace(/[.+]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}$`),
  })),
)

/** @throws where an answer is not what the OpenAPI document says of its operation and status, or holds more than it says */
export async function checkAnswer(method: string, url: string, answer: Response, settings: Settings): Promise<void> {
  const route = routeOf(method, new URL(url).pathname, settings)
  if (!route || answer.status === 304) return
  const place = `${route.operationId} answers ${answer.status}`
  const described = route.responses[answer.status] ?? (answer.status >= 400 ? route.responses.default : undefined)
  if (!described) throw new Error(`${place}, which its OpenAPI document does not mention`)
  const text = await answer.clone().text()
  const content = (described as { content?: Record<string, { schema?: unknown }> }).content
  if (!content) return void expect(text, `${place} with a body that its document does not mention`).toBe('')
  const schema = content['application/json']?.schema as ZodType | undefined
  if (!schema || !answer.headers.get('content-type')?.includes('json')) return
  const body: unknown = JSON.parse(text)
  const { success, data, error } = schema.safeParse(body)
  if (!success) throw new Error(`${place} unlike its document: ${error.message}\n${text.slice(0, 1000)}`)
  expect(body, `${place} with more than its document mentions`).toEqual(data)
}

function routeOf(method: string, pathname: string, settings: Settings): RouteConfig | undefined {
  const path = pathname.startsWith(`${quayBase}/`) ? quayBase + quayPath(method, pathname, settings) : pathname
  return routes.find((route) => route.method === method && route.path.test(path))?.route
}
