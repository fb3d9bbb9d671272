import { z } from '@hono/zod-openapi'
import { hasFullAccess } from '../../../domain/actor.ts'
import type { Settings } from '../../../settings.ts'
import type { actionsSince, ListedRepository, newestTags } from '../../../store/repositories.ts'
import { repositoryStates } from '../../../store/schema.ts'
import { rfc2822 } from '../dates.ts'
import type { RepositoryEnv } from '../env.ts'

const State = z.enum(repositoryStates)

export const RepositoryItem = z
  .object({
    namespace: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    is_public: z.boolean(),
    kind: z.string(),
    state: State,
    last_modified: z.int().nullable().optional(),
    popularity: z.number().optional(),
    is_starred: z.boolean().optional(),
    quota_report: z.object({ quota_bytes: z.int(), configured_quota: z.int().nullable() }).optional(),
  })
  .openapi('RepositoryItem')

export interface ListOptions {
  kind: string
  lastModified: boolean
  popularity: boolean
  /** Somebody is signed in: then an item says whether it is starred. */
  isKnown: boolean
  settings: Settings
}

/** A repository as an element of a list. */
export function repositoryItem(
  row: ListedRepository,
  { kind, lastModified, popularity, isKnown, settings }: ListOptions,
): z.infer<typeof RepositoryItem> {
  const { FEATURE_QUOTA_MANAGEMENT, FEATURE_EDIT_QUOTA } = settings
  return {
    namespace: row.namespace,
    name: row.name,
    description: row.description,
    is_public: row.isPublic,
    kind,
    state: row.state,
    ...(lastModified && { last_modified: row.lastModifiedAt && Math.floor(row.lastModifiedAt / 1000) }),
    ...(popularity && { popularity: row.actions }),
    ...(isKnown && { is_starred: Boolean(row.isStarred) }),
    ...(FEATURE_QUOTA_MANAGEMENT &&
      FEATURE_EDIT_QUOTA && { quota_report: { quota_bytes: row.sizeBytes, configured_quota: null } }),
  }
}

const NamedTag = z.object({
  name: z.string(),
  size: z.int().nullable(),
  last_modified: z.string(),
  expiration: z.string().optional(),
  manifest_digest: z.string(),
})
const DayCount = z.object({ date: z.string(), count: z.int() })

export const RepositoryView = z
  .object({
    namespace: z.string(),
    name: z.string(),
    kind: z.literal('image'),
    description: z.string().nullable(),
    is_public: z.boolean(),
    is_organization: z.boolean(),
    is_starred: z.boolean(),
    status_token: z.string(),
    trust_enabled: z.boolean(),
    tag_expiration_s: z.int(),
    is_free_account: z.boolean(),
    state: State,
    tags: z.record(z.string(), NamedTag).optional(),
    can_write: z.boolean(),
    can_admin: z.boolean(),
    stats: z.array(DayCount).optional(),
  })
  .openapi('Repository')

type Tags = Awaited<ReturnType<typeof newestTags>>
type Actions = Awaited<ReturnType<typeof actionsSince>>

/** A repository as its own page shows it. */
export function repositoryView(
  { namespace, repository, authority, actor }: Omit<RepositoryEnv['Variables'], 'along'>,
  settings: Settings,
  {
    isStarred,
    tags,
    actions,
    now,
  }: { isStarred: boolean; tags: Tags | undefined; actions: Actions | undefined; now: Date },
): z.infer<typeof RepositoryView> {
  const { isPublic, badgeToken, state } = repository
  return {
    namespace: namespace.username,
    name: repository.name,
    kind: 'image',
    description: repository.description,
    is_public: isPublic,
    is_organization: namespace.kind === 'organization',
    is_starred: Boolean(actor) && isStarred,
    status_token: isPublic ? '' : badgeToken,
    trust_enabled: settings.FEATURE_SIGNING && repository.trustEnabled,
    tag_expiration_s: namespace.tagExpirationSeconds,
    is_free_account: true,
    state,
    ...(tags && { tags: Object.fromEntries(tags.map((row) => [row.name, namedTag(row)])) }),
    can_write: authority.repositoryRank >= 2 && state === 'NORMAL',
    can_admin: authority.repositoryRank >= 3 || authority.readsEverything || hasFullAccess(actor, settings),
    ...(actions && { stats: daysWith(actions, now) }),
  }
}

function namedTag(row: Tags[number]): z.infer<typeof NamedTag> {
  return {
    name: row.name,
    size: row.isIndex ? null : row.layersSizeBytes,
    last_modified: rfc2822(row.startedAt),
    ...(row.expiresAt && { expiration: rfc2822(row.expiresAt) }),
    manifest_digest: row.digest,
  }
}

const dayMilliseconds = 86_400_000
const daysShown = 91

/** The day `ago` days before, as `YYYY-MM-DD`. */
export const dayBefore = (now: Date, ago: number) =>
  new Date(now.getTime() - ago * dayMilliseconds).toISOString().slice(0, 10)

/** The days that have a count, then those of the last 91 before today that have none. */
function daysWith(actions: Actions, now: Date) {
  const known = new Set(actions.map(({ day }) => day))
  const others = Array.from({ length: daysShown }, (_, i) => dayBefore(now, daysShown - i)).filter(
    (day) => !known.has(day),
  )
  return [...actions.map(({ day: date, count }) => ({ date, count })), ...others.map((date) => ({ date, count: 0 }))]
}
