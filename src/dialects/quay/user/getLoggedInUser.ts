import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi'
import { userCap } from '../../../domain/token/scope.ts'
import { organizationsOf } from '../../../store/namespaces.ts'
import { openToAll } from '../access.ts'
import type { AccountLookup } from '../admission.ts'
import { problem, QuayError } from '../errors.ts'
import { UserView, userView } from './userView.ts'

const route = createRoute({
  operationId: 'getLoggedInUser',
  summary: 'The user who asks',
  method: 'get',
  path: '/user/',
  ...openToAll({ scope: 'user:read', always: true, along: readOrganizations }),
  responses: { 200: { description: 'The user', content: { 'application/json': { schema: UserView } } } },
})

export const getLoggedInUser = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const { actor, along } = c.var
    const [organizations = []] = along
    if (actor?.account.kind !== 'user' || userCap(actor.scopes) === 0) {
      const body = problem(c, 'invalid_token', 401, 'Requires authentication', { session_required: false })
      throw new QuayError(401, body)
    }
    return c.json(userView(actor.account, actor, organizations, c.env.settings), 200)
  },
})

export function readOrganizations({ store, accountId, settings }: AccountLookup) {
  return [organizationsOf(store, accountId, settings.PUBLIC_NAMESPACES)] as const
}
