import { z } from '@hono/zod-openapi'
import { type Avatar, avatarOf } from '../../domain/namespace/avatar.ts'

export const AvatarView = z
  .object({
    name: z.string(),
    hash: z.string(),
    color: z.string(),
    kind: z.enum(['user', 'robot', 'team', 'org', 'app']),
  })
  .openapi('Avatar')

interface Pictured {
  kind: 'user' | 'organization' | 'robot'
  username: string
  email: string
}

const avatarKinds = { user: 'user', organization: 'org', robot: 'robot' } as const

export const accountAvatar = ({ kind, username, email }: Pictured): Avatar =>
  avatarOf(avatarKinds[kind], username, email)

export const teamAvatar = (name: string) => avatarOf('team', name)
