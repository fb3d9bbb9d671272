import { OpenAPIHono, type RouteConfig } from '@hono/zod-openapi'
import { scopes } from '../../../domain/token/scope.ts'
import { isInternal, wantsFreshLogin } from '../features.ts'
import { ApiError } from '../refusalView.ts'

type Json = Record<string, unknown>

export type Swagger = ReturnType<typeof swaggerOf>

interface Operation {
  operationId: string
  summary?: string
  tags: string[]
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema: Json }[]
  requestBody?: { required?: boolean; content?: { 'application/json'?: { schema: Json } } }
  responses: Record<string, { content?: { 'application/json'?: { schema: Json } } }>
  security?: Record<string, string[]>[]
}

/**
 * The Swagger 2.0 document that Quay's clients are generated from, made from the running routes. As in Quay, every
 * operation names 200, 201 or 204 by its method alone, and the statuses of refusals that all of them share.
 */
export function swaggerOf(base: string, endpoints: readonly { route: RouteConfig }[], withInternal: boolean) {
  const { openAPIRegistry: registry, getOpenAPIDocument } = new OpenAPIHono()
  registry.register('ApiError', ApiError)
  const routes = endpoints.map(({ route }) => route).filter((route) => withInternal || !isInternal(route))
  for (const { middleware: _, hide: __, ...route } of routes)
    registry.registerPath({ ...route, path: base + route.path })
  const document = getOpenAPIDocument({ openapi: '3.0.3', info: { title: 'Quayside', version: 'v1' } })
  const definitions: Json = Object.fromEntries(
    Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => [name, schema2(schema)]),
  )
  const paths = Object.entries(document.paths ?? {}).map(([path, item]) => {
    const operations = Object.entries(item as Record<string, Operation>)
    const [, first] = operations[0] as [string, Operation]
    const tag = first.tags[0] ?? ''
    return [
      path,
      {
        'x-name': `${tag}.${first.operationId}`,
        'x-path': path,
        'x-tag': tag,
        parameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => pathParameter(name ?? '', first)),
        ...Object.fromEntries(operations.map(([method, operation]) => [method, operation2(method, operation)])),
      },
    ]
  })
  return {
    swagger: '2.0' as const,
    host: '',
    basePath: '/',
    schemes: [] as string[],
    info: {
      version: 'v1',
      title: 'Quayside',
      description: "Quay's API, as this registry serves it: teams, repositories, tags and whom they belong to.",
      termsOfService: '',
      contact: { email: 'nobody@example.com' },
    },
    securityDefinitions: {
      oauth2_implicit: {
        type: 'oauth2',
        flow: 'implicit',
        authorizationUrl: '',
        scopes: Object.fromEntries(Object.entries(scopes).map(([name, { description }]) => [name, description])),
      },
    },
    paths: Object.fromEntries(paths) as Record<string, Json>,
    definitions,
    tags: [...new Set(routes.flatMap(({ tags = [] }) => tags))].sort().map((name) => ({ name })),
  }

  function operation2(method: string, operation: Operation): Json {
    const { operationId, summary, tags, security = [], parameters = [], requestBody, responses } = operation
    const body = requestBody?.content?.['application/json']?.schema
    const answer = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1]
    const answerSchema = answer?.content?.['application/json']?.schema
    const usual = method === 'delete' ? 204 : method === 'post' ? 201 : 200
    const scope = security.filter((one) => Object.keys(one).length > 0)
    return {
      operationId,
      parameters: [
        ...parameters.filter((parameter) => parameter.in === 'query').map(queryParameter),
        ...(body ? [{ name: 'body', in: 'body', required: true, schema: named(body, `${operationId}Body`) }] : []),
      ],
      description: summary ?? operationId,
      tags,
      ...(scope.length > 0 && { security: scope }),
      responses: {
        [usual]: {
          description: 'Successful invocation',
          ...(answerSchema && usual !== 204 && { schema: named(answerSchema, `${operationId}Answer`) }),
        },
        ...Object.fromEntries(refused.map(([status, description]) => [status, { description, schema: apiError }])),
      },
      ...(isInternal(operation) && { 'x-internal': true }),
      ...(withInternal && 'x-requires-fresh-login' in operation && wantsFreshLogin),
    }
  }

  /** A reference to the schema, which becomes a definition of this name if it has none. */
  function named(schema: Json, name: string): Json {
    const converted = schema2(schema) as Json
    if ('$ref' in converted) return converted
    definitions[name] = converted
    return { $ref: `#/definitions/${name}` }
  }
}

const apiError = { $ref: '#/definitions/ApiError' }
const refused = [
  [400, 'Bad Request'],
  [401, 'Session required'],
  [403, 'Unauthorized access'],
  [404, 'Not found'],
] as const

function pathParameter(name: string, { parameters = [] }: Operation): Json {
  const described = parameters.find((parameter) => parameter.in === 'path' && parameter.name === name)
  const { description } = described ?? {}
  return { name, in: 'path', required: true, type: 'string', ...(description && { description }) }
}

function queryParameter({
  name,
  required = false,
  description = '',
  schema,
}: NonNullable<Operation['parameters']>[0]): Json {
  const { type, enum: values, default: byDefault } = schema2(schema) as Json
  const simple = typeof type === 'string' && ['boolean', 'integer', 'number', 'string'].includes(type) ? type : 'string'
  return {
    name,
    in: 'query',
    required,
    description,
    type: simple,
    ...(Array.isArray(values) && { enum: values }),
    ...(byDefault !== undefined && { default: byDefault }),
  }
}

/** A schema of OpenAPI 3.0 as Swagger 2.0 can say it, which knows neither alternatives nor null. */
function schema2(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(schema2)
  if (typeof schema !== 'object' || schema === null) return schema
  const { $ref, nullable, anyOf, oneOf, additionalProperties, ...rest } = schema as Json
  if (typeof $ref === 'string') return { $ref: $ref.replace('#/components/schemas/', '#/definitions/') }
  const alternatives = (anyOf ?? oneOf) as Json[] | undefined
  const possible = alternatives?.filter((one) => (one as Json).type !== 'null')
  if (possible?.length === 1) return schema2({ ...rest, ...possible[0] })
  const isFree =
    typeof additionalProperties === 'object' &&
    Object.keys(additionalProperties ?? {}).every((key) => key === 'nullable')
  return {
    ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, schema2(value)])),
    ...(additionalProperties !== undefined && !isFree && { additionalProperties: schema2(additionalProperties) }),
    ...(nullable === true && { 'x-nullable': true }),
  }
}
