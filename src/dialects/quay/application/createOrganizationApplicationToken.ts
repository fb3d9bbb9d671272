import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { createApiToken } from '../../../domain/application/apiTokens.ts'
import { onNamespace } from '../access.ts'
import { ApiTokenView, apiTokenView } from './apiTokenView.ts'
import { found, readApplication } from './getOrganizationApplication.ts'

const route = createRoute({
  operationId: 'createOrganizationApplicationToken',
  summary: 'Create a token that speaks for the caller',
  method: 'post',
  path: '/organization/{orgname}/applications/{client_id}/tokens',
  ...onNamespace('admin', { along: readApplication }),
  request: {
    params: z.object({ orgname: z.string(), client_id: z.string() }),
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .object({
              name: z.string().min(1).max(255),
              scope: z.string(),
              expiration: z.number().min(1).optional().openapi({ description: 'Seconds; ten years at most' }),
            })
            .openapi('NewApplicationToken'),
        },
      },
    },
  },
  responses: {
    200: {
      description: 'The token, with what it is: shown this once',
      content: { 'application/json': { schema: ApiTokenView.extend({ token: z.string() }) } },
    },
  },
})

export const createOrganizationApplicationToken = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings } = c.env
    const { actor } = c.var.granted()
    const application = found(c.var.along[0])
    const { name, scope, expiration } = c.req.valid('json')
    const origin = { actor, ip: c.var.ip, now: c.env.now() }
    const wanted = { application, name, scope, lifetimeSeconds: expiration, settings, ...origin }
    const { token, text } = await createApiToken(store, wanted)
    return c.json({ ...apiTokenView(token), token: text }, 200)
  },
})
