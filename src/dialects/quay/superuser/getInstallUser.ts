import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { RegistryError } from '../../../errors.ts'
import { userNamed } from '../../../store/namespaces.ts'
import { onSuperuser } from '../access.ts'
import type { AccountLookup } from '../admission.ts'
import { SuperuserUserView, superuserUserView } from './superuserViews.ts'

const route = createRoute({
  operationId: 'getInstallUser',
  summary: 'One user',
  method: 'get',
  path: '/superuser/users/{username}',
  ...onSuperuser('read', { along: readUser }),
  request: { params: z.object({ username: z.string() }) },
  responses: { 200: { description: 'The user', content: { 'application/json': { schema: SuperuserUserView } } } },
})

export const getInstallUser = defineOpenAPIRoute({
  route,
  handler: (c) => {
    c.var.granted()
    const [[user]] = c.var.along
    if (!user) throw new RegistryError('not_found', 'no such user')
    return c.json(superuserUserView(user, c.env.settings), 200)
  },
})

export function readUser({ store, param }: AccountLookup) {
  return [userNamed(store, param('username'))] as const
}
