import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { applicationsOf } from '../../../store/applications.ts'
import { onNamespace } from '../access.ts'
import { ApplicationView, applicationView } from './applicationView.ts'

const route = createRoute({
  operationId: 'getOrganizationApplications',
  summary: 'The OAuth applications of an organization',
  method: 'get',
  path: '/organization/{orgname}/applications',
  ...onNamespace('admin', {
    readOnlySuperuserMayLook: true,
    along: ({ store, namespaceId }) => [applicationsOf(store, namespaceId)] as const,
  }),
  request: { params: z.object({ orgname: z.string() }) },
  responses: {
    200: {
      description: 'The applications, oldest first',
      content: {
        'application/json': {
          schema: z.object({ applications: z.array(ApplicationView) }).openapi('OAuthApplications'),
        },
      },
    },
  },
})

export const getOrganizationApplications = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { authority } = c.var.granted()
    const mayAdminister = authority.namespaceRank === 3
    const [rows] = c.var.along
    const applications = await Promise.all(rows.map((row) => applicationView(row, c.env.vault, mayAdminister)))
    return c.json({ applications }, 200)
  },
})
