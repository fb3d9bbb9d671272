import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { createApplication } from '../../../domain/application/createApplication.ts'
import { onNamespace } from '../access.ts'
import { ApplicationView, applicationView } from './applicationView.ts'

const route = createRoute({
  operationId: 'createOrganizationApplication',
  summary: 'Register an OAuth application of an organization',
  method: 'post',
  path: '/organization/{orgname}/applications',
  ...onNamespace('admin'),
  request: {
    params: z.object({ orgname: z.string() }),
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .object({
              name: z.string(),
              redirect_uri: z.string().optional(),
              application_uri: z.string().optional(),
              description: z.string().optional(),
              avatar_email: z.string().optional(),
            })
            .openapi('NewApp'),
        },
      },
    },
  },
  responses: {
    200: { description: 'The application', content: { 'application/json': { schema: ApplicationView } } },
  },
})

export const createOrganizationApplication = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, vault } = c.env
    const { namespace, actor } = c.var.granted()
    const { name, description, application_uri, redirect_uri, avatar_email } = c.req.valid('json')
    const created = await createApplication(store, {
      namespace,
      details: {
        name,
        description,
        applicationUri: application_uri,
        redirectUri: redirect_uri,
        avatarEmail: avatar_email,
      },
      vault,
      actor,
      ip: c.var.ip,
      now: c.env.now(),
    })
    return c.json(await applicationView(created, vault, true), 200)
  },
})
