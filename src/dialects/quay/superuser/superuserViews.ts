import { z } from '@hono/zod-openapi'
import { type Account, isSuperuserName } from '../../../domain/actor.ts'
import { avatarOf } from '../../../domain/namespace/avatar.ts'
import type { Settings } from '../../../settings.ts'
import { AvatarView } from '../avatarView.ts'
import { QuotaPart, quotaPart } from '../quotaView.ts'

export const SuperuserUserView = z
  .object({
    kind: z.literal('user'),
    name: z.string(),
    username: z.string(),
    email: z.string(),
    verified: z.boolean(),
    avatar: AvatarView,
    super_user: z.boolean(),
    global_readonly_super_user: z.boolean(),
    enabled: z.boolean(),
    ...QuotaPart,
  })
  .openapi('SuperuserUser')

/** A user as superusers see all users. */
export const superuserUserView = (user: Account, settings: Settings): z.infer<typeof SuperuserUserView> => ({
  kind: 'user',
  name: user.username,
  username: user.username,
  email: user.email,
  verified: user.verified,
  avatar: avatarOf('user', user.username, user.email),
  super_user: isSuperuserName(user.username, settings),
  global_readonly_super_user: settings.GLOBAL_READONLY_SUPER_USERS.includes(user.username),
  enabled: user.enabled,
  ...quotaPart(settings),
})

export const SuperuserOrganizationView = z
  .object({ name: z.string(), email: z.string(), avatar: AvatarView, ...QuotaPart })
  .openapi('SuperuserOrganization')

/** An organization as superusers see all of them: its address as it is stored, even where it stands for none. */
export const superuserOrganizationView = (
  { username, email }: Pick<Account, 'username' | 'email'>,
  settings: Settings,
): z.infer<typeof SuperuserOrganizationView> => ({
  name: username,
  email,
  avatar: avatarOf('org', username, email),
  ...quotaPart(settings),
})
