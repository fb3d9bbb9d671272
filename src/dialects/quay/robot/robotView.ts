import { z } from '@hono/zod-openapi'
import type { Settings } from '../../../settings.ts'
import type { Robot } from '../../../store/robots.ts'
import { AvatarView, teamAvatar } from '../avatarView.ts'
import { rfc2822 } from '../dates.ts'

export const RobotView = z
  .object({
    name: z.string(),
    created: z.string().nullable(),
    last_accessed: z.string().nullable(),
    teams: z.array(z.object({ name: z.string(), avatar: AvatarView })).optional(),
    repositories: z.array(z.string()).optional(),
    description: z.string(),
    token: z.string().optional(),
    unstructured_metadata: z.record(z.string(), z.unknown()).nullable().optional(),
  })
  .openapi('Robot')

/** What a robot's view may hold beyond the robot itself. */
interface Shown {
  settings: Settings
  /** Only to those who administer it. */
  token?: string | undefined
  teams?: readonly string[]
  repositories?: readonly string[]
  metadata?: Record<string, unknown> | null
}

export const robotView = (robot: Robot, shown: Shown): z.infer<typeof RobotView> => ({
  name: robot.username,
  created: rfc2822(robot.createdAt),
  last_accessed:
    shown.settings.FEATURE_USER_LAST_ACCESSED && robot.lastAccessedAt ? rfc2822(robot.lastAccessedAt) : null,
  ...(shown.teams && { teams: shown.teams.map((name) => ({ name, avatar: teamAvatar(name) })) }),
  ...(shown.repositories && { repositories: [...shown.repositories] }),
  description: robot.description,
  ...(shown.token !== undefined && { token: shown.token }),
  ...(shown.metadata !== undefined && { unstructured_metadata: shown.metadata }),
})
