import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { onSuperuser } from '../access.ts'
import { queryFlag } from '../validation.ts'
import { accountPage, PageQuery } from './accountPage.ts'
import { SuperuserUserView, superuserUserView } from './superuserViews.ts'

const route = createRoute({
  operationId: 'listAllUsers',
  summary: 'All users',
  method: 'get',
  path: '/superuser/users/',
  ...onSuperuser('read'),
  request: { query: z.object({ ...PageQuery, disabled: queryFlag(true, 'Also users that are disabled') }) },
  responses: {
    200: {
      description: 'The users, oldest first',
      content: {
        'application/json': {
          schema: z
            .object({ users: z.array(SuperuserUserView), next_page: z.string().optional() })
            .openapi('SuperuserUsers'),
        },
      },
    },
  },
})

export const listAllUsers = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    c.var.granted()
    const { disabled, ...page } = c.req.valid('query')
    const { accounts, nextPage } = await accountPage(c.env, 'user', { ...page, enabledOnly: !disabled })
    const users = accounts.map((user) => superuserUserView(user, c.env.settings))
    return c.json({ users, ...(nextPage && { next_page: nextPage }) }, 200)
  },
})
