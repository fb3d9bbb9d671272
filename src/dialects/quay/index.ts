import { OpenAPIHono, type RouteConfig } from '@hono/zod-openapi'
import type { Handler, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { RegistryError } from '../../errors.ts'
import { recent } from '../../recent.ts'
import type { Settings } from '../../settings.ts'
import { applicationEndpoints } from './application/index.ts'
import type { QuayEnv } from './env.ts'
import { messageError, plainError, problem, renderError } from './errors.ts'
import { isOffered } from './features.ts'
import { logEndpoints } from './log/index.ts'
import { manifestEndpoints } from './manifest/index.ts'
import { messageEndpoints } from './message/index.ts'
import { metaEndpoints } from './meta/index.ts'
import { organizationEndpoints } from './organization/index.ts'
import { type PathTable, pathTable } from './paths.ts'
import { permissionEndpoints } from './permission/index.ts'
import { policyEndpoints } from './policy/index.ts'
import { prototypeEndpoints } from './prototype/index.ts'
import { withRefusals } from './refusalView.ts'
import { repositoryEndpoints } from './repository/index.ts'
import { robotEndpoints } from './robot/index.ts'
import { searchEndpoints } from './search/index.ts'
import { superuserEndpoints } from './superuser/index.ts'
import { tagEndpoints } from './tag/index.ts'
import { teamEndpoints } from './team/index.ts'
import { userEndpoints } from './user/index.ts'
import { forgiveBody, refuseInvalid, requireJson } from './validation.ts'

/** Where the dialect is served. */
export const quayBase = '/api/v1'

/**
 * The endpoints of each concept: the documents show them under its name. A route declares its scope (`...onRepository(…)`
 * and its like) and its `operationId`; `...internal` leaves it out of the documents that clients are made from.
 */
const concepts = {
  application: applicationEndpoints,
  log: logEndpoints,
  manifest: manifestEndpoints,
  message: messageEndpoints,
  meta: metaEndpoints,
  organization: organizationEndpoints,
  permission: permissionEndpoints,
  policy: policyEndpoints,
  prototype: prototypeEndpoints,
  repository: repositoryEndpoints,
  robot: robotEndpoints,
  search: searchEndpoints,
  superuser: superuserEndpoints,
  tag: tagEndpoints,
  team: teamEndpoints,
  user: userEndpoints,
}

interface Endpoint {
  route: RouteConfig
  handler: never
}

/** Every endpoint of the dialect. */
export const quayEndpoints: readonly Endpoint[] = Object.entries(concepts).flatMap(([concept, endpoints]) =>
  (endpoints as unknown as Endpoint[]).map(({ route, handler }) => ({
    route: { ...route, tags: [concept], responses: withRefusals(route.responses) },
    handler,
  })),
)

let table: PathTable<RouteConfig> | undefined
/** Made at the first request, not at start-up. */
const quayPaths = () => {
  table ??= pathTable<RouteConfig>(quayEndpoints.map(({ route }) => route))
  return table
}

/** The path below the dialect's base as its router is to see it. */
export function quayPath(method: string, path: string, settings: Settings): string {
  let known = paths.get(settings)
  if (!known) {
    known = recent((request) => {
      const space = request.indexOf(' ')
      const offered = (route: RouteConfig) => isOffered(route, settings)
      return quayPaths().canonical(request.slice(0, space), request.slice(space + 1), offered)
    })
    paths.set(settings, known)
  }
  return known(`${method} ${path.slice(quayBase.length)}`)
}

/** What is offered, and with it what a path means, depends on the settings. */
const paths = new WeakMap<Settings, (request: string) => string>()

/** Quay's REST API. */
export function quayDialect() {
  const app = new OpenAPIHono<QuayEnv>({ defaultHook: refuseInvalid as never })
  app.onError(renderError)
  app.use(crossOrigin)
  app.use(sentByScript)
  app.use(firstValueOnly)
  app.on(['POST', 'PUT', 'PATCH', 'DELETE'], '*', bodyLimit({ maxSize: bodyBytesMax, onError: tooLarge }))
  for (const { route, handler } of quayEndpoints) {
    const guards = [offered(route), route.middleware ?? []].flat() as MiddlewareHandler[]
    const takesBody = route.request?.body?.content && 'application/json' in route.request.body.content
    const bodyRule = route.request?.body?.required ? requireJson : forgiveBody
    app.openapi(
      { ...route, middleware: [...guards, ...(takesBody ? [bodyRule as MiddlewareHandler] : [])] },
      afterLookup(handler) as never,
    )
  }
  app.all('*', answerUnrouted)
  return app
}

/** A repository that is not there is told only of requests that are otherwise in order. */
const afterLookup =
  (handler: Handler<QuayEnv>): Handler<QuayEnv> =>
  (c, next) => {
    if (c.var.missing) throw c.var.missing
    return handler(c, next)
  }

const crossOrigin: MiddlewareHandler<QuayEnv> = async (c, next) => {
  await next()
  const [origin, ...more] = c.env.settings.CORS_ORIGIN
  const single = origin !== undefined && more.length === 0
  const { headers } = c.res
  headers.set('Access-Control-Allow-Origin', single ? origin : '*')
  headers.set('Access-Control-Allow-Methods', 'DELETE, GET, HEAD, OPTIONS, POST, PUT')
  headers.set('Access-Control-Max-Age', '21600')
  headers.set(
    'Access-Control-Allow-Headers',
    `AUTHORIZATION, CONTENT-TYPE, X-REQUESTED-WITH${single ? ', COOKIE, X-CSRF-TOKEN' : ''}`,
  )
  if (single) headers.set('Access-Control-Allow-Credentials', 'true')
  headers.append('Vary', 'Origin')
}

/** Under BROWSER_API_CALLS_XHR_ONLY a browser's own navigation reads nothing from the API. */
const sentByScript: MiddlewareHandler<QuayEnv> = async (c, next) => {
  const isBrowser = /Mozilla\/.*(Chrome|Firefox|Safari|Edg)/.test(c.req.header('user-agent') ?? '')
  const isScript = c.req.header('x-requested-with') === 'XMLHttpRequest'
  if (c.env.settings.BROWSER_API_CALLS_XHR_ONLY && c.req.method === 'GET' && isBrowser && !isScript) {
    throw plainError(400, 'API calls must be invoked with an X-Requested-With header if called from a browser')
  }
  return next()
}

/** Of a query parameter that is given twice, Quay reads the first value. */
const firstValueOnly: MiddlewareHandler<QuayEnv> = async (c, next) => {
  const all = c.req.queries.bind(c.req)
  const first = () => Object.fromEntries(Object.entries(all()).map(([name, values]) => [name, values.slice(0, 1)]))
  c.req.queries = ((name?: string) => (name === undefined ? first() : all(name)?.slice(0, 1))) as typeof c.req.queries
  return next()
}

/** No request of the API needs more. */
const bodyBytesMax = 1024 * 1024

const tooLarge = () => {
  throw messageError(413, 'The data value transmitted exceeds the capacity limit.')
}

/** What no route took: OPTIONS, a method that the path is not known by (405), or a path that is not known. */
const answerUnrouted: Handler<QuayEnv> = (c) => {
  const methods = quayPaths().methods(c.req.path.slice(quayBase.length), (route) => isOffered(route, c.env.settings))
  if (methods.length > 0 && c.req.method === 'OPTIONS') return c.body(null, 200, { Allow: methods.join(', ') })
  if (methods.length > 0 && !methods.includes(c.req.method)) throw messageErrorWithAllow(methods)
  return c.json(problem(c, 'not_found', 404, 'Not Found'), 404)
}

/** Answers 404 while a feature that the endpoint needs is off. */
const offered =
  (route: RouteConfig): MiddlewareHandler<QuayEnv> =>
  async (c, next) => {
    if (!isOffered(route, c.env.settings)) throw new RegistryError('not_found', 'not offered here')
    return next()
  }

const messageErrorWithAllow = (methods: string[]) => {
  const error = messageError(405, 'The method is not allowed for the requested URL.')
  error.headers.Allow = methods.join(', ')
  return error
}
