import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { revokeApiToken } from '../../../domain/application/apiTokens.ts'
import { RegistryError } from '../../../errors.ts'
import { applicationIdIn, applicationIn, tokenIn } from '../../../store/applications.ts'
import { onNamespace } from '../access.ts'
import { found } from './getOrganizationApplication.ts'

const route = createRoute({
  operationId: 'deleteOrganizationApplicationToken',
  summary: 'End a token of an application',
  method: 'delete',
  path: '/organization/{orgname}/applications/{client_id}/tokens/{token_uuid}',
  ...onNamespace('admin', {
    along: ({ store, namespaceId, param }) =>
      [
        applicationIn(store, namespaceId, param('client_id')),
        tokenIn(store, applicationIdIn(namespaceId, param('client_id')), param('token_uuid')),
      ] as const,
  }),
  request: { params: z.object({ orgname: z.string(), client_id: z.string(), token_uuid: z.string() }) },
  responses: { 204: { description: 'Ended' } },
})

export const deleteOrganizationApplicationToken = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { actor } = c.var.granted()
    const [applications, [token]] = c.var.along
    const application = found(applications)
    if (!token) throw new RegistryError('not_found', 'no such token')
    await revokeApiToken(c.env.store, { application, token, actor, ip: c.var.ip, now: c.env.now() })
    return c.body(null, 204)
  },
})
