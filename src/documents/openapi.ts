import { OpenAPIHono, type RouteConfig } from '@hono/zod-openapi'
import { quayBase, quayEndpoints } from '../dialects/quay/index.ts'
import { swrParts } from '../dialects/swr/index.ts'
import { scopes } from '../domain/token/scope.ts'

/** The dialects that describe themselves: their routes are what the documents are made from, and what runs. */
export const documentedDialects = [
  { name: 'Quay', base: quayBase, endpoints: quayEndpoints },
  ...swrParts,
] as unknown as { name: string; base: string; endpoints: readonly { route: RouteConfig }[] }[]

let text: string | undefined

/** The OpenAPI 3.1 document of all dialects, as text: made at the first request, kept as long as the isolate. */
export function openApiText(): string {
  text ??= JSON.stringify(openApiDocument())
  return text
}

function openApiDocument() {
  const { openAPIRegistry: registry, getOpenAPI31Document } = new OpenAPIHono()
  registry.registerComponent('securitySchemes', 'oauth2_implicit', {
    type: 'oauth2',
    description: "An application's access token, as `Authorization: Bearer …`",
    flows: {
      implicit: {
        authorizationUrl: '/oauth/authorize',
        scopes: Object.fromEntries(Object.entries(scopes).map(([name, { description }]) => [name, description])),
      },
    },
  })
  registry.registerComponent('securitySchemes', 'x_auth_token', {
    type: 'apiKey',
    in: 'header',
    name: 'X-Auth-Token',
    description: 'The same access token, as SWR clients send it; its scopes count as they do elsewhere',
  })
  registry.registerComponent('securitySchemes', 'sdk_hmac_sha256', {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: "A request signed as the cloud's SDKs do it (SDK-HMAC-SHA256), with a robot or an app-specific token",
  })
  for (const { name, base, endpoints } of documentedDialects) {
    for (const { route } of endpoints) {
      const { middleware: _, hide: __, ...described } = route
      const tags = described.tags?.map((tag) => `${name}: ${tag}`) ?? [name]
      registry.registerPath({ ...described, path: base + route.path, tags })
    }
  }
  return getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Quayside',
      version: 'v1',
      description:
        "A container registry in three dialects over one store. Described here: Quay's API and Huawei SWR's. The third, `/v2`, is the OCI distribution specification.",
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '/' }],
  })
}
