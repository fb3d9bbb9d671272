import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { onSuperuser } from '../access.ts'
import { internal } from '../features.ts'
import { accountPage, PageQuery } from './accountPage.ts'
import { SuperuserOrganizationView, superuserOrganizationView } from './superuserViews.ts'

const route = createRoute({
  operationId: 'listAllOrganizations',
  summary: 'All organizations',
  method: 'get',
  path: '/superuser/organizations/',
  ...internal,
  ...onSuperuser('read'),
  request: { query: z.object(PageQuery) },
  responses: {
    200: {
      description: 'The organizations, oldest first',
      content: {
        'application/json': {
          schema: z
            .object({ organizations: z.array(SuperuserOrganizationView), next_page: z.string().optional() })
            .openapi('SuperuserOrganizations'),
        },
      },
    },
  },
})

export const listAllOrganizations = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    c.var.granted()
    const { accounts, nextPage } = await accountPage(c.env, 'organization', c.req.valid('query'))
    const organizations = accounts.map((row) => superuserOrganizationView(row, c.env.settings))
    return c.json({ organizations, ...(nextPage && { next_page: nextPage }) }, 200)
  },
})
