import { OpenAPIHono, type RouteConfig } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { admit } from './access.ts'
import type { SwrEnv } from './env.ts'
import { renderError, SwrError } from './errors.ts'
import { refusals } from './errorView.ts'
import { tagEndpoints } from './tag/index.ts'
import { refuseInvalid, requireJson } from './validation.ts'

/** Where the dialect is served: in front of the OCI dialect, which has `/v2`. */
export const swrBase = '/v2/manage'

interface Endpoint {
  route: RouteConfig
  handler: never
}

/** Every endpoint of the dialect. */
export const swrEndpoints = ([...tagEndpoints] as unknown as Endpoint[]).map(({ route, handler }) => ({
  route: { ...route, responses: { ...route.responses, ...refusals } } as RouteConfig,
  handler,
}))

/** No request of the API needs more. */
const bodyBytesMax = 1024 * 1024

/** Huawei SWR's REST API. */
export function swrDialect() {
  const app = new OpenAPIHono<SwrEnv>({ defaultHook: refuseInvalid as never })
  app.onError(renderError)
  app.use(numbered)
  app.use(bodyLimit({ maxSize: bodyBytesMax, onError: tooLarge }))
  for (const { route, handler } of swrEndpoints) {
    const guards = [route.middleware ?? []].flat() as MiddlewareHandler[]
    const takesBody = Boolean(route.request?.body)
    app.openapi(
      { ...route, middleware: [...guards, ...(takesBody ? [requireJson as MiddlewareHandler] : [])] },
      handler,
    )
  }
  app.all('*', unknownRoute)
  return app
}

/** SDKs show this id with every error. */
const numbered: MiddlewareHandler<SwrEnv> = async (c, next) => {
  await next()
  c.res.headers.set('X-Request-Id', crypto.randomUUID().replaceAll('-', ''))
}

const tooLarge = () => {
  throw new SwrError('4130000')
}

/** Only who is known is told what there is. */
const unknownRoute: MiddlewareHandler<SwrEnv> = async (c) => {
  await admit(c, undefined)
  const path = c.req.path.slice(swrBase.length)
  const methods = swrEndpoints
    .filter(({ route }) => new RegExp(`^${route.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(path))
    .map(({ route }) => route.method.toUpperCase())
  if (methods.length === 0) throw new SwrError('4040083', `nothing is served at ${c.req.path}`)
  throw new SwrError('4050000', `${c.req.method} is not allowed here`, {
    Allow: [...new Set(methods)].sort().join(', '),
  })
}
