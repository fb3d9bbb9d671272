import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { RegistryError } from '../../../errors.ts'
import { assignedTo, deleteAssignment, deleteOfferNotices } from '../../../store/authorizations.ts'
import { onOwnAccount } from '../access.ts'
import { internal, onlyWith } from '../features.ts'
import { AssignedAuthorizationView, assignedAuthorizationView } from './authorizationView.ts'

export const listAssignedAuthorizations = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'listAssignedAuthorizations',
    summary: 'The tokens that the user is offered',
    method: 'get',
    path: '/user/assignedauthorization',
    ...internal,
    ...onOwnAccount('admin', { along: ({ store, accountId }) => [assignedTo(store, accountId)] as const }),
    ...onlyWith('FEATURE_ASSIGN_OAUTH_TOKEN'),
    responses: {
      200: {
        description: 'The offers',
        content: {
          'application/json': {
            schema: z.object({ authorizations: z.array(AssignedAuthorizationView) }).openapi('AssignedAuthorizations'),
          },
        },
      },
    },
  }),
  handler: async (c) => {
    const { actor, along } = c.var
    await c.env.store.batch([deleteOfferNotices(c.env.store, actor.account.id)])
    return c.json({ authorizations: along[0].map(assignedAuthorizationView) }, 200)
  },
})

export const deleteAssignedAuthorization = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'deleteAssignedAuthorization',
    summary: 'Turn an offer down',
    method: 'delete',
    path: '/user/assignedauthorization/{assigned_authorization_uuid}',
    ...internal,
    ...onOwnAccount('admin', {
      along: ({ store, accountId, param }) =>
        [assignedTo(store, accountId, param('assigned_authorization_uuid'))] as const,
    }),
    ...onlyWith('FEATURE_ASSIGN_OAUTH_TOKEN'),
    request: { params: z.object({ assigned_authorization_uuid: z.string() }) },
    responses: { 204: { description: 'Turned down' } },
  }),
  handler: async (c) => {
    const [[row]] = c.var.along
    if (!row) throw new RegistryError('not_found', 'no such offer')
    await c.env.store.batch([deleteAssignment(c.env.store, row.id)])
    return c.body(null, 204)
  },
})
