import { z } from '@hono/zod-openapi'
import { avatarOf } from '../../../domain/namespace/avatar.ts'
import type { LoggedEvent } from '../../../store/events.ts'
import { AvatarView } from '../avatarView.ts'
import { rfc2822 } from '../dates.ts'

export const LogView = z
  .object({
    kind: z.string(),
    metadata: z.record(z.string(), z.unknown()),
    ip: z.string().nullable(),
    datetime: z.string(),
    performer: z
      .object({ kind: z.literal('user'), name: z.string(), is_robot: z.boolean(), avatar: AvatarView })
      .optional(),
    namespace: z.object({ kind: z.enum(['org', 'user']), name: z.string(), avatar: AvatarView }).optional(),
  })
  .openapi('Log')

/** A line of the log. */
export function logView({ kind, metadata, ip, at, performer }: LoggedEvent): z.infer<typeof LogView> {
  return {
    kind,
    metadata,
    ip,
    datetime: rfc2822(at),
    ...(performer.id !== null && { performer: performerView(performer) }),
  }
}

/** A line of the log of the whole registry: it also says whose it is. */
export function logViewOfAll(event: LoggedEvent): z.infer<typeof LogView> {
  const { id, username, email, kind } = event.namespace
  if (id === null) return logView(event)
  const shownKind = kind === 'organization' ? 'org' : 'user'
  const avatar = avatarOf(shownKind, username, email)
  return { ...logView(event), namespace: { kind: shownKind, name: username, avatar } }
}

function performerView({ username, email, kind }: LoggedEvent['performer']) {
  const isRobot = kind === 'robot'
  const avatar = avatarOf(isRobot ? 'robot' : 'user', username, email)
  return { kind: 'user' as const, name: username, is_robot: isRobot, avatar }
}

export const LogCountView = z
  .object({ kind: z.string(), count: z.int(), datetime: z.string() })
  .openapi('AggregatedLog')

/** How often something was done on a day. */
export const logCountView = ({ kind, count, day }: { kind: string; count: number; day: string }) => ({
  kind,
  count,
  datetime: rfc2822(new Date(`${day}T00:00:00Z`)),
})
