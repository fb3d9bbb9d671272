import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { isSuperuserName } from '../../../domain/actor.ts'
import { sendRecovery } from '../../../domain/namespace/requestRecovery.ts'
import { RegistryError } from '../../../errors.ts'
import { onSuperuser } from '../access.ts'
import { internal } from '../features.ts'
import { postOf, sendQueuedMail } from '../post.ts'
import { readUser } from './getInstallUser.ts'

const route = createRoute({
  operationId: 'sendInstallUserRecoveryEmail',
  summary: 'Send a user a mail by which a new password can be set',
  method: 'post',
  // The second plural is Quay's.
  path: '/superusers/users/{username}/sendrecovery',
  ...onSuperuser('write', { along: readUser, features: ['FEATURE_MAILING'] }),
  ...internal,
  request: { params: z.object({ username: z.string() }) },
  responses: {
    200: {
      description: 'Sent',
      content: { 'application/json': { schema: z.object({ email: z.string() }).openapi('RecoverySent') } },
    },
  },
})

export const sendInstallUserRecoveryEmail = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings } = c.env
    c.var.granted()
    const [[user]] = c.var.along
    if (!user) throw new RegistryError('not_found', 'no such user')
    if (isSuperuserName(user.username, settings)) {
      throw new RegistryError('invalid', 'Cannot send a recovery email for a superuser')
    }
    await sendRecovery(store, { owner: user, post: postOf(c), settings })
    sendQueuedMail(c)
    return c.json({ email: user.email }, 200)
  },
})
