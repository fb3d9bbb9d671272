import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { organizationsOf, userNamed } from '../../../store/namespaces.ts'
import { openToAll } from '../access.ts'
import type { AccountLookup } from '../admission.ts'
import { messageError } from '../errors.ts'
import { UserView, userView } from './userView.ts'

const route = createRoute({
  operationId: 'getUserInformation',
  summary: 'A user, as much as the caller may see',
  method: 'get',
  path: '/users/{username}',
  ...openToAll({ along: readUser }),
  request: { params: z.object({ username: z.string() }) },
  responses: { 200: { description: 'The user', content: { 'application/json': { schema: UserView } } } },
})

export const getUserInformation = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const [[user], organizations] = c.var.along
    if (!user) throw messageError(404, 'There is no user of this name.')
    return c.json(userView(user, c.var.actor, organizations, c.env.settings), 200)
  },
})

function readUser({ store, accountId, settings, param }: AccountLookup) {
  return [userNamed(store, param('username')), organizationsOf(store, accountId, settings.PUBLIC_NAMESPACES)] as const
}
