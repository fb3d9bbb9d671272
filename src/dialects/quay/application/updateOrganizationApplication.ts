import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { updateApplication } from '../../../domain/application/changeApplication.ts'
import { onNamespace } from '../access.ts'
import { ApplicationView, applicationView } from './applicationView.ts'
import { found, readApplication } from './getOrganizationApplication.ts'

const route = createRoute({
  operationId: 'updateOrganizationApplication',
  summary: 'Describe an OAuth application anew',
  method: 'put',
  path: '/organization/{orgname}/applications/{client_id}',
  ...onNamespace('admin', { along: readApplication }),
  request: {
    params: z.object({ orgname: z.string(), client_id: z.string() }),
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .object({
              name: z.string(),
              redirect_uri: z.string(),
              application_uri: z.string(),
              description: z.string().optional(),
              avatar_email: z.string().optional(),
            })
            .openapi('UpdateApp'),
        },
      },
    },
  },
  responses: {
    200: { description: 'The application', content: { 'application/json': { schema: ApplicationView } } },
  },
})

export const updateOrganizationApplication = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, vault } = c.env
    const { actor } = c.var.granted()
    const application = found(c.var.along[0])
    const { name, description, redirect_uri, application_uri, avatar_email } = c.req.valid('json')
    const details = {
      name,
      description,
      redirectUri: redirect_uri,
      applicationUri: application_uri,
      avatarEmail: avatar_email,
    }
    const updated = await updateApplication(store, { application, details, actor, ip: c.var.ip, now: c.env.now() })
    return c.json(await applicationView(updated, vault, true), 200)
  },
})
