import { eq } from 'drizzle-orm'
import type { Settings } from '../../settings.ts'
import type { Principal } from '../../store/principals.ts'
import { accessToken, account, appToken } from '../../store/schema.ts'
import type { Statement, Store } from '../../store/store.ts'
import type { Actor } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'

/** Uses closer together than this are noted once. */
const thresholdMilliseconds = 60_000

/** Notes when a robot or a token was used last. */
export function noteUse(store: Store, actor: Actor, principal: Principal, now: Date, settings: Settings): Statement[] {
  const { account: user, token, appToken: app } = principal
  const used = actor.token ? token : actor.appToken ? app : user.kind === 'robot' ? user : undefined
  const isRecent = used?.lastAccessedAt && now.getTime() - used.lastAccessedAt.getTime() < thresholdMilliseconds
  if (!used || isRecent || !settings.FEATURE_USER_LAST_ACCESSED) return []
  const table = actor.token ? accessToken : actor.appToken ? appToken : account
  return [store.update(table).set({ lastAccessedAt: now }).where(eq(table.id, used.id))]
}

/** The log's line for a `docker login`. */
export function noteLogin(
  store: Store,
  origin: Origin & { actor: Actor },
  userAgent: string,
  settings: Settings,
): Statement[] {
  if (!settings.ACTION_LOG_AUDIT_LOGINS) return []
  const { account: user, token, appToken: app } = origin.actor
  const kind = app
    ? { kind: 'app_specific_token', app_specific_token_title: app.title }
    : user.kind === 'robot'
      ? { kind: 'robot', robot: user.username }
      : token
        ? {}
        : { kind: 'user' }
  return [
    recordEvent(store, origin, {
      kind: 'login_success',
      namespaceId: user.kind === 'robot' ? user.ownerId : user.id,
      metadata: { ...kind, type: 'v2auth', useragent: userAgent },
    }),
  ]
}
