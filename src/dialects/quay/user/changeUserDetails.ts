import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { changeUser } from '../../../domain/namespace/changeUser.ts'
import { forgetAll, onOwnAccount } from '../access.ts'
import { signInBrowser } from '../browserSession.ts'
import { internal } from '../features.ts'
import { postOf, sendQueuedMail } from '../post.ts'
import { bodyInteger } from '../validation.ts'
import { readOrganizations } from './getLoggedInUser.ts'
import { UserView, userView } from './userView.ts'

const route = createRoute({
  operationId: 'changeUserDetails',
  summary: "Change one's own account",
  method: 'put',
  path: '/user/',
  ...internal,
  ...onOwnAccount('admin', { freshly: true, along: readOrganizations }),
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .object({
              password: z.string().optional(),
              email: z.string().optional(),
              invoice_email: z.boolean().optional(),
              invoice_email_address: z.string().nullable().optional(),
              tag_expiration_s: bodyInteger().min(0).optional(),
              username: z.string().optional(),
              given_name: z.string().nullable().optional(),
              family_name: z.string().nullable().optional(),
              company: z.string().nullable().optional(),
              location: z.string().nullable().optional(),
            })
            .openapi('UpdateUser'),
        },
      },
    },
  },
  responses: {
    200: {
      description: 'The user; with a new password, a new session too',
      content: { 'application/json': { schema: UserView } },
    },
  },
})

export const changeUserDetails = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings } = c.env
    const { actor, ip, along } = c.var
    const { password, email, username, company, location, ...asked } = c.req.valid('json')
    const { user, touched } = await changeUser(store, {
      password,
      email,
      username,
      company,
      location,
      givenName: asked.given_name,
      familyName: asked.family_name,
      invoiceEmail: asked.invoice_email,
      invoiceEmailAddress: asked.invoice_email_address,
      tagExpirationSeconds: asked.tag_expiration_s,
      settings,
      post: postOf(c),
      actor,
      ip,
      now: c.env.now(),
    })
    sendQueuedMail(c)
    await forgetAll(c.env, touched)
    if (user.uuid !== actor.account.uuid) await signInBrowser(c, user.uuid)
    return c.json(userView(user, { ...actor, account: user }, along[0], settings), 200)
  },
})
