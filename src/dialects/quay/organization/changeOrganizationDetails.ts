import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { changeOrganization } from '../../../domain/namespace/changeOrganization.ts'
import { teamsOf } from '../../../store/teams.ts'
import { forgetAll, onNamespace } from '../access.ts'
import { bodyInteger } from '../validation.ts'
import { OrganizationView, organizationView } from './organizationView.ts'

const route = createRoute({
  operationId: 'changeOrganizationDetails',
  summary: "Change an organization's address, invoicing or tag expiration",
  method: 'put',
  path: '/organization/{orgname}',
  ...onNamespace('admin', {
    along: ({ store, namespaceId, accountId }) => [teamsOf(store, namespaceId, accountId)],
  }),
  request: {
    params: z.object({ orgname: z.string() }),
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .object({
              email: z.string().optional(),
              contact_email: z.string().nullable().optional(),
              invoice_email: z.boolean().optional(),
              invoice_email_address: z.string().nullable().optional(),
              tag_expiration_s: bodyInteger().min(0).optional(),
            })
            .openapi('OrganizationChange'),
        },
      },
    },
  },
  responses: {
    200: { description: 'The organization', content: { 'application/json': { schema: OrganizationView } } },
  },
})

export const changeOrganizationDetails = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings } = c.env
    const { namespace, authority, actor } = c.var.granted()
    const body = c.req.valid('json')
    const { organization, touched } = await changeOrganization(store, {
      organization: namespace,
      // A `contact_email` of null counts: it takes the address away.
      email: body.contact_email !== undefined ? body.contact_email : body.email,
      invoiceEmail: body.invoice_email,
      invoiceEmailAddress: body.invoice_email_address,
      tagExpirationSeconds: body.tag_expiration_s,
      settings,
      actor,
      ip: c.var.ip,
      now: c.env.now(),
    })
    await forgetAll(c.env, touched)
    return c.json(organizationView(organization, authority, c.var.along[0], settings), 200)
  },
})
