import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { revokeGrant } from '../../../domain/application/revokeGrant.ts'
import { RegistryError } from '../../../errors.ts'
import { authorizationsOf } from '../../../store/authorizations.ts'
import { onOwnAccount } from '../access.ts'
import type { AccountLookup } from '../admission.ts'
import { internal } from '../features.ts'
import { AuthorizationView, authorizationView } from './authorizationView.ts'

const path = '/user/authorizations/{access_token_uuid}'
const Params = z.object({ access_token_uuid: z.string() })
const readOne = ({ store, accountId, param }: AccountLookup) =>
  [authorizationsOf(store, accountId, param('access_token_uuid'))] as const

export const listUserAuthorizations = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'listUserAuthorizations',
    summary: 'The applications that may act for the user',
    method: 'get',
    path: '/user/authorizations',
    ...internal,
    ...onOwnAccount('admin', { along: ({ store, accountId }) => [authorizationsOf(store, accountId)] as const }),
    responses: {
      200: {
        description: 'One entry per token',
        content: {
          'application/json': {
            schema: z.object({ authorizations: z.array(AuthorizationView) }).openapi('UserAuthorizations'),
          },
        },
      },
    },
  }),
  handler: (c) => c.json({ authorizations: c.var.along[0].map(authorizationView) }, 200),
})

export const getUserAuthorization = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'getUserAuthorization',
    summary: 'One token that acts for the user',
    method: 'get',
    path,
    ...internal,
    ...onOwnAccount('admin', { along: readOne }),
    request: { params: Params },
    responses: { 200: { description: 'The entry', content: { 'application/json': { schema: AuthorizationView } } } },
  }),
  handler: (c) => {
    const [[row]] = c.var.along
    if (!row) throw new RegistryError('not_found', 'no such authorization')
    return c.json(authorizationView(row), 200)
  },
})

export const deleteUserAuthorization = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'deleteUserAuthorization',
    summary: 'End a token that acts for the user',
    method: 'delete',
    path,
    ...internal,
    ...onOwnAccount('admin', { along: readOne }),
    request: { params: Params },
    responses: { 204: { description: 'Ended' } },
  }),
  handler: async (c) => {
    const [[row]] = c.var.along
    if (!row) throw new RegistryError('not_found', 'no such authorization')
    const { actor, ip } = c.var
    await revokeGrant(c.env.store, { grant: row, actor, ip, now: c.env.now() })
    return c.body(null, 204)
  },
})
