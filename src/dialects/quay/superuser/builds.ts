import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { RegistryError } from '../../../errors.ts'
import { onSuperuser } from '../access.ts'
import { problem } from '../errors.ts'
import { ApiError } from '../refusalView.ts'

const unknown = { description: 'There is no such build', content: { 'application/json': { schema: ApiError } } }

/** Nothing is ever built here: every build is unknown, which Quay says in two ways. */
const unknownBuild = (operationId: string, summary: string, part: string) =>
  defineOpenAPIRoute({
    route: createRoute({
      operationId,
      summary,
      method: 'get',
      path: `/superuser/{build_uuid}/${part}`,
      ...onSuperuser('read'),
      request: { params: z.object({ build_uuid: z.string() }) },
      responses: { 400: unknown },
    }),
    handler: (c) => {
      c.var.granted()
      return c.json(problem(c, 'invalid_response', 400, 'Unable to locate the build'), 400)
    },
  })

export const getRepoBuildLogsSuperUser = unknownBuild(
  'getRepoBuildLogsSuperUser',
  'The log of a build of an image',
  'logs',
)
export const getRepoBuildLogsArchiveSuperUser = unknownBuild(
  'getRepoBuildLogsArchiveSuperUser',
  'The whole log of a build of an image',
  'logs/archive',
)
export const getRepoBuildStatusSuperUser = unknownBuild(
  'getRepoBuildStatusSuperUser',
  'How far a build of an image has come',
  'status',
)

export const getRepoBuildSuperUser = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'getRepoBuildSuperUser',
    summary: 'A build of an image',
    method: 'get',
    path: '/superuser/{build_uuid}/build',
    ...onSuperuser('read'),
    request: { params: z.object({ build_uuid: z.string() }) },
    responses: { 404: unknown },
  }),
  handler: (c) => {
    c.var.granted()
    throw new RegistryError('not_found', 'nothing is built here')
  },
})
