import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { onRepository } from '../access.ts'
import { messageError } from '../errors.ts'

/** Quay gave these tokens up long ago and still says so; robots took their place. */
const gone = (verb: 'Handling' | 'Creation') => {
  throw messageError(410, `${verb} of access tokens is no longer supported`)
}

const responses = {
  410: {
    description: 'No longer supported',
    content: { 'application/json': { schema: z.object({ message: z.string() }).openapi('Gone') } },
  },
}
const list = '/repository/{repository}/tokens/' as const
const one = '/repository/{repository}/tokens/{code}' as const
const ofRepository = z.object({ repository: z.string() })
const ofToken = z.object({ repository: z.string(), code: z.string() })

const listRoute = createRoute({
  operationId: 'listRepoTokens',
  summary: 'Was: list the access tokens of a repository',
  method: 'get',
  path: list,
  ...onRepository('admin', { mayBeMissing: true, readOnlySuperuserMayLook: true }),
  request: { params: ofRepository },
  responses,
})
export const listRepoTokens = defineOpenAPIRoute({ route: listRoute, handler: () => gone('Handling') })

const createTokenRoute = createRoute({
  operationId: 'createToken',
  summary: 'Was: create an access token of a repository',
  method: 'post',
  path: list,
  ...onRepository('admin', { mayBeMissing: true }),
  request: {
    params: ofRepository,
    body: {
      required: true,
      content: { 'application/json': { schema: z.object({ friendlyName: z.string() }).openapi('NewRepoToken') } },
    },
  },
  responses,
})
export const createToken = defineOpenAPIRoute({ route: createTokenRoute, handler: () => gone('Creation') })

const getRoute = createRoute({
  operationId: 'getTokens',
  summary: 'Was: look at an access token of a repository',
  method: 'get',
  path: one,
  ...onRepository('admin', { mayBeMissing: true, readOnlySuperuserMayLook: true }),
  request: { params: ofToken },
  responses,
})
export const getTokens = defineOpenAPIRoute({ route: getRoute, handler: () => gone('Handling') })

const changeRoute = createRoute({
  operationId: 'changeToken',
  summary: 'Was: change the role of an access token of a repository',
  method: 'put',
  path: one,
  ...onRepository('admin', { mayBeMissing: true }),
  request: {
    params: ofToken,
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.object({ role: z.enum(['read', 'write', 'admin']) }).openapi('TokenPermission'),
        },
      },
    },
  },
  responses,
})
export const changeToken = defineOpenAPIRoute({ route: changeRoute, handler: () => gone('Handling') })

const deleteRoute = createRoute({
  operationId: 'deleteToken',
  summary: 'Was: delete an access token of a repository',
  method: 'delete',
  path: one,
  ...onRepository('admin', { mayBeMissing: true }),
  request: { params: ofToken },
  responses,
})
export const deleteToken = defineOpenAPIRoute({ route: deleteRoute, handler: () => gone('Handling') })
