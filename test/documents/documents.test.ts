import SwaggerParser from '@apidevtools/swagger-parser'
import { OpenAPIHono } from '@hono/zod-openapi'
import { describe, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import { isInternal } from '../../src/dialects/quay/features.ts'
import { quayEndpoints } from '../../src/dialects/quay/index.ts'
import { swrParts } from '../../src/dialects/swr/index.ts'
import type { Services } from '../../src/services.ts'
import { parseSettings } from '../../src/settings.ts'

interface Operation {
  operationId: string
  security?: Record<string, string[]>[]
  responses: Record<string, { schema?: { $ref: string } }>
}
type Paths = Record<string, Record<string, Operation>>

const app = createApp()
const settings = parseSettings({ SECRET_KEY: 'a secret of the tests, long enough' })

async function documentAt(path: string) {
  const answer = await app.request(`https://registry.test:8443${path}`, {}, { settings } as Services)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
  return (await answer.json()) as Record<string, unknown> & { paths: Paths }
}

const methods = ['get', 'put', 'post', 'delete', 'patch', 'head']
const operationsOf = ({ paths }: { paths: Paths }) =>
  Object.values(paths).flatMap((item) =>
    methods.flatMap((method) => (item[method] ? [{ ...item[method], method }] : [])),
  )
const routes = quayEndpoints.map(({ route }) => route)
const idsOf = (list: readonly { operationId?: string }[]) => list.map(({ operationId }) => operationId).sort()

const swrRoutes = swrParts.flatMap(({ endpoints }) => endpoints.map(({ route }) => route))

describe('/openapi.json', () => {
  it('is OpenAPI 3.1 to a validator that is not ours', async () => {
    const document = await documentAt('/openapi.json')
    expect(document.openapi).toBe('3.1.0')
    await SwaggerParser.validate(structuredClone(document) as never)
  })

  it('shows every operation, with the scope that its route enforces', async () => {
    const operations = operationsOf(await documentAt('/openapi.json'))
    expect(idsOf(operations)).toEqual(idsOf([...routes, ...swrRoutes]))
    for (const { operationId, security } of routes)
      expect(operations.find((one) => one.operationId === operationId)?.security).toEqual(security)
  })

  it('means one thing by each name of a schema', () => {
    const meanings = new Map<string, string>()
    const clashes = [...routes, ...swrRoutes].flatMap((route) => {
      const { middleware: _, hide: __, ...described } = route
      const alone = new OpenAPIHono()
      alone.openAPIRegistry.registerPath(described)
      const { components } = alone.getOpenAPI31Document({ openapi: '3.1.0', info: { title: '', version: '' } })
      return Object.entries(components?.schemas ?? {}).flatMap(([name, schema]) => {
        const meaning = JSON.stringify(schema)
        const clash = (meanings.get(name) ?? meaning) !== meaning
        meanings.set(name, meaning)
        return clash ? [`${name} in ${route.operationId}`] : []
      })
    })
    expect(clashes).toEqual([])
  })
})

describe('discovery', () => {
  it.each([false, true])('is Swagger 2.0 to a validator that is not ours (internal=%s)', async (internal) => {
    const document = await documentAt(`/api/v1/discovery?internal=${internal}`)
    expect(document).toMatchObject({ swagger: '2.0', basePath: '/', host: 'registry.test:8443', schemes: ['https'] })
    await SwaggerParser.validate(structuredClone(document) as never)
  })

  it('says where to get a token', async () => {
    const { securityDefinitions } = await documentAt('/api/v1/discovery')
    expect(securityDefinitions).toMatchObject({
      oauth2_implicit: {
        type: 'oauth2',
        flow: 'implicit',
        authorizationUrl: 'https://registry.test:8443/oauth/authorize',
      },
    })
  })

  it('shows what is internal only to those who ask for it', async () => {
    const asked = operationsOf(await documentAt('/api/v1/discovery?internal=true'))
    const plain = operationsOf(await documentAt('/api/v1/discovery'))
    expect(idsOf(asked)).toEqual(idsOf(routes))
    expect(idsOf(plain)).toEqual(idsOf(routes.filter((route) => !isInternal(route))))
  })

  it('has the shape that generated clients of Quay rely on', async () => {
    const document = await documentAt('/api/v1/discovery')
    expect(Object.keys(document)).toEqual(
      'swagger host basePath schemes info securityDefinitions paths definitions tags'.split(' '),
    )
    const { paths, definitions, tags } = document
    expect(Object.keys(document.info as object)).toEqual([
      'version',
      'title',
      'description',
      'termsOfService',
      'contact',
    ])
    const names = (tags as { name: string }[]).map(({ name }) => name)
    expect(names).toEqual([...new Set(names)].toSorted())
    for (const path of ['registry/capabilities', 'error/{error_type}', 'repository/{repository}/immutabilitypolicy/'])
      expect(paths).toHaveProperty([`/api/v1/${path}`])
    expect(
      Object.keys((definitions as Record<string, { properties: object }>).ApiError?.properties ?? {}).sort(),
    ).toEqual(['detail', 'error_message', 'error_type', 'status', 'title', 'type'])
    expect(paths['/api/v1/repository/{repository}/tag/{tag}']).toMatchObject({
      'x-path': '/api/v1/repository/{repository}/tag/{tag}',
      'x-tag': 'tag',
      parameters: [
        { name: 'repository', in: 'path', required: true, type: 'string' },
        { name: 'tag', in: 'path', required: true, type: 'string' },
      ],
      put: {
        operationId: 'changeTag',
        tags: ['tag'],
        security: [{ oauth2_implicit: ['repo:write'] }],
        parameters: [{ name: 'body', in: 'body', required: true }],
        responses: {
          200: { description: 'Successful invocation' },
          400: { schema: { $ref: '#/definitions/ApiError' } },
          401: { schema: { $ref: '#/definitions/ApiError' } },
          403: { schema: { $ref: '#/definitions/ApiError' } },
          404: { schema: { $ref: '#/definitions/ApiError' } },
        },
      },
      delete: { operationId: 'deleteFullTag', responses: { 204: { description: 'Successful invocation' } } },
    })
    const list = paths['/api/v1/repository/{repository}/tag/']?.get as unknown as { parameters: unknown[] }
    expect(list.parameters).toContainEqual(
      expect.objectContaining({ name: 'onlyActiveTags', in: 'query', required: false, type: 'boolean' }),
    )
    expect(definitions).toHaveProperty('ApiError.required', ['status', 'type', 'title'])
    expect(tags).toContainEqual({ name: 'tag' })
  })
})

describe('/config', () => {
  it('shows the public settings in Quay’s shape, and nothing else', async () => {
    const document = await documentAt('/config')
    expect(Object.keys(document)).toEqual([
      'config',
      'features',
      'oauth',
      'external_login',
      'registry_state',
      'account_recovery_mode',
    ])
    expect(document.features).toMatchObject({ ANONYMOUS_ACCESS: true, MAILING: false })
    expect(document.config).toEqual({
      AUTHENTICATION_TYPE: 'Database',
      AVATAR_KIND: 'local',
      LIBRARY_NAMESPACE: 'library',
      LOCAL_OAUTH_HANDLER: '/oauth/localapp',
      PREFERRED_URL_SCHEME: 'https',
      PUBLIC_NAMESPACES: [],
      REGISTRY_TITLE: 'Quayside',
      REGISTRY_TITLE_SHORT: 'Quayside',
      SERVER_HOSTNAME: 'registry.test:8443',
      TAG_EXPIRATION_OPTIONS: ['0s', '1d', '1w', '2w', '4w'],
    })
  })
})
