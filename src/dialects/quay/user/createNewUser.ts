import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { actorOf } from '../../../domain/actor.ts'
import { signUp } from '../../../domain/namespace/signUp.ts'
import { openToAll } from '../access.ts'
import { signInBrowser } from '../browserSession.ts'
import { internal, onlyWith } from '../features.ts'
import { postOf, sendQueuedMail } from '../post.ts'
import { UserView, userView } from './userView.ts'

const route = createRoute({
  operationId: 'createNewUser',
  summary: 'Sign up',
  method: 'post',
  path: '/user/',
  ...internal,
  ...openToAll(),
  ...onlyWith('FEATURE_USER_CREATION', 'FEATURE_DIRECT_LOGIN'),
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .object({
              username: z.string(),
              password: z.string(),
              email: z.string().optional(),
              invite_code: z.string().optional(),
              recaptcha_response: z.string().optional(),
            })
            .openapi('NewUser'),
        },
      },
    },
  },
  responses: {
    200: {
      description: 'The user, signed in; or that its e-mail address awaits verification',
      content: {
        'application/json': {
          schema: z.union([UserView, z.object({ awaiting_verification: z.literal(true) })]),
        },
      },
    },
  },
})

export const createNewUser = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings } = c.env
    const { username, password, email, invite_code: inviteCode } = c.req.valid('json')
    const origin = { actor: c.var.actor, ip: c.var.ip, now: c.env.now() }
    const user = await signUp(store, { username, password, email, inviteCode, settings, post: postOf(c), ...origin })
    sendQueuedMail(c)
    if (!user.verified) return c.json({ awaiting_verification: true as const }, 200)
    await signInBrowser(c, user.uuid)
    return c.json(userView(user, actorOf(user, undefined, settings), [], settings), 200)
  },
})
