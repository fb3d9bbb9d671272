import { OpenAPIHono, type RouteConfig } from '@hono/zod-openapi'
import { type ErrorHandler, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { admit } from './access.ts'
import { accountEndpoints } from './account/index.ts'
import { dockyardEndpoints } from './dockyard/index.ts'
import type { SwrEnv } from './env.ts'
import { renderError, SwrError } from './errors.ts'
import { refusals } from './errorView.ts'
import { grantEndpoints } from './grant/index.ts'
import { iamRefusals, renderIamError } from './iam/errors.ts'
import { iamEndpoints } from './iam/index.ts'
import { loginEndpoints } from './login/index.ts'
import { registryToken } from './login/registryToken.ts'
import { namespaceEndpoints } from './namespace/index.ts'
import { repositoryEndpoints } from './repository/index.ts'
import { retentionEndpoints } from './retention/index.ts'
import { shareEndpoints } from './share/index.ts'
import { syncEndpoints } from './sync/index.ts'
import { tagEndpoints } from './tag/index.ts'
import { triggerEndpoints } from './trigger/index.ts'
import { refuseInvalid, requireJson } from './validation.ts'
import { versionRoutes } from './version/index.ts'

/** Where the dialect is served: in front of the OCI dialect, which has `/v2`. */
export const swrBase = '/v2/manage'

/** Every endpoint of the dialect proper. */
export const swrEndpoints = [
  ...accountEndpoints,
  ...grantEndpoints,
  ...loginEndpoints,
  ...namespaceEndpoints,
  ...repositoryEndpoints,
  ...retentionEndpoints,
  ...shareEndpoints,
  ...syncEndpoints,
  ...tagEndpoints,
  ...triggerEndpoints,
]

interface Part {
  name: string
  base: string
  endpoints: readonly Endpoint[]
  onError: ErrorHandler<SwrEnv>
}

type Endpoint = { route: RouteConfig; handler: never }

/** The dialect, the part of IAM that its clients call, and its older paths. */
export const swrParts: readonly Part[] = [
  { name: 'SWR', base: swrBase, endpoints: refusing(swrEndpoints, refusals), onError: renderError },
  { name: 'IAM', base: '/v3', endpoints: refusing(iamEndpoints, iamRefusals), onError: renderIamError },
  {
    name: 'SWR, older paths',
    base: '/dockyard/v2',
    endpoints: refusing(dockyardEndpoints, refusals),
    onError: renderError,
  },
]

/** The endpoints with the answers that any of them may give instead. */
function refusing(endpoints: readonly object[], responses: RouteConfig['responses']): readonly Endpoint[] {
  return (endpoints as readonly Endpoint[]).map(({ route, handler }) => ({
    route: { ...route, responses: { ...route.responses, ...responses } },
    handler,
  }))
}

/** No request of the API needs more. */
const bodyBytesMax = 1024 * 1024

/** Huawei SWR's REST API. */
export function swrDialect() {
  const app = new Hono<SwrEnv>()
  app.onError(renderError)
  for (const part of swrParts) app.route(part.base, served(part))
  app.route('/', versionRoutes())
  app.get('/swr/auth/v2/registry/auth', registryToken)
  return app
}

function served({ base, endpoints, onError }: Part) {
  const app = new OpenAPIHono<SwrEnv>({ defaultHook: refuseInvalid as never })
  app.onError(onError)
  app.use(numbered)
  app.use(bodyLimit({ maxSize: bodyBytesMax, onError: tooLarge }))
  for (const { route, handler } of endpoints) {
    const guards = [route.middleware ?? []].flat() as MiddlewareHandler[]
    const takesBody = Boolean(route.request?.body)
    app.openapi(
      { ...route, middleware: [...guards, ...(takesBody ? [requireJson as MiddlewareHandler] : [])] },
      handler,
    )
  }
  app.all('*', unknownRoute(base, endpoints))
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
function unknownRoute(base: string, endpoints: readonly Endpoint[]): MiddlewareHandler<SwrEnv> {
  return async (c) => {
    await admit(c)
    const path = c.req.path.slice(base.length)
    const methods = endpoints
      .filter(({ route }) => new RegExp(`^${route.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(path))
      .map(({ route }) => route.method.toUpperCase())
    if (methods.length === 0) throw new SwrError('4040083', `nothing is served at ${c.req.path}`)
    const allowed = [...new Set(methods)].sort().join(', ')
    throw new SwrError('4050000', `${c.req.method} is not allowed here`, { Allow: allowed })
  }
}
