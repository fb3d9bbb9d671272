import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { requestRecovery } from '../../../domain/namespace/requestRecovery.ts'
import { openToAll } from '../access.ts'
import { internal, onlyWith } from '../features.ts'
import { postOf, sendQueuedMail } from '../post.ts'

const route = createRoute({
  operationId: 'requestRecoveryEmail',
  summary: 'Ask for a mail by which a new password can be set',
  method: 'post',
  path: '/recovery',
  ...openToAll({ always: 'unless read-only' }),
  ...onlyWith('FEATURE_MAILING'),
  ...internal,
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.object({ email: z.string(), recaptcha_response: z.string().optional() }).openapi('RequestRecovery'),
        },
      },
    },
  },
  responses: {
    200: {
      description: 'A mail was sent, if anybody has this address; or whose organization has it',
      content: {
        'application/json': {
          schema: z.union([
            z.object({ status: z.literal('sent') }),
            z.object({ status: z.literal('org'), orgemail: z.string(), orgname: z.string() }),
          ]),
        },
      },
    },
  },
})

export const requestRecoveryEmail = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings } = c.env
    const { email } = c.req.valid('json')
    const found = await requestRecovery(store, { email, settings, post: postOf(c) })
    sendQueuedMail(c)
    if (!found) return c.json({ status: 'sent' as const }, 200)
    return c.json({ status: 'org' as const, orgemail: email, orgname: masked(found.organization) }, 200)
  },
})

/** A name with dots for its middle: who owns it knows it again, nobody else learns it. */
function masked(name: string): string {
  const shown = Math.max(Math.floor(name.length / 3) - 1, 1)
  return [...name].map((letter, i) => (i < shown || i >= name.length - shown ? letter : '•')).join('')
}
