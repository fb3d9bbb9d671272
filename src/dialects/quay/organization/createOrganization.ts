import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { createOrganization as create } from '../../../domain/namespace/createOrganization.ts'
import { openToAll, requireUser } from '../access.ts'

const route = createRoute({
  operationId: 'createOrganization',
  summary: 'Create an organization, with a team of owners that the caller is in',
  method: 'post',
  path: '/organization/',
  ...openToAll({ scope: 'user:admin' }),
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .object({
              name: z.string(),
              email: z.string().optional(),
              contact_email: z.string().optional(),
              recaptcha_response: z.string().optional(),
            })
            .openapi('NewOrganization'),
        },
      },
    },
  },
  responses: { 201: { description: 'Created', content: { 'application/json': { schema: z.literal('Created') } } } },
})

export const createOrganization = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { actor, ip } = c.var
    requireUser(actor, 'admin')
    const { name, email, contact_email: contact = email } = c.req.valid('json')
    const { store, settings } = c.env
    await create(store, { name, email: contact, settings, actor, ip, now: c.env.now() })
    return c.json('Created' as const, 201)
  },
})
