import { RegistryError } from '../../errors.ts'
import type { Settings } from '../../settings.ts'
import { guardRules } from '../../store/policies.ts'
import { commit, retrying, type Statement, type Store } from '../../store/store.ts'
import type { NamedTag } from '../../store/tags.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { isTagName, tagNameProblem } from '../reference.ts'
import { plannedEnd } from './expiry.ts'
import { planRetarget, type Retarget, type RetargetRows, retargetEvents, retargetReads } from './retargetTag.ts'
import { carryOut, instantFor, type SeenTag, seeTag, type TagPlan } from './tagState.ts'

export interface TagChange extends Origin {
  namespace: Retarget['namespace']
  repository: Retarget['repository']
  name: string
  settings: Settings
  /** The planned end in epoch seconds; null takes it away, undefined leaves it. */
  expiration?: number | null | undefined
  immutable?: boolean | undefined
  /** Whether the actor may make an immutable tag mutable again. */
  mayRelease: boolean
  /** What the tag is to mean; null is no manifest, undefined leaves it. */
  digest?: string | null | undefined
}

/**
 * Sets a tag's planned end, its immutability and its meaning, in this order, as one change: all of it or nothing.
 * @throws `tag_invalid`, `tag_unknown`, `manifest_unknown`, `tag_immutable`, `rule`, `invalid`, `denied`
 * @param firstRead what `retargetReads` found, where the request has read it already
 */
export async function changeTag(store: Store, change: TagChange, firstRead?: RetargetRows): Promise<void> {
  const { namespace, repository, name, digest, now } = change
  if (!isTagName(name)) throw new RegistryError('tag_invalid', tagNameProblem)
  await retrying(async (attempt) => {
    const known = attempt === 0 ? firstRead : undefined
    const rows =
      known ?? (await store.batch(retargetReads(store, repository.id, namespace.id, name, digest ?? '', now)))
    const seen = seeTag(repository.id, name, [rows[0], rows[1]], now)
    const at = instantFor(seen, now)
    const { plan, events } = decideChange(store, seen, change, rows, at)
    const isEmpty = !plan.next && !plan.changes
    if (isEmpty && events.length === 0) return
    await commit(store, [
      ...(plan.next ? [guardRules(store, namespace.id, repository.id, rows[3])] : []),
      ...(isEmpty ? [] : carryOut(store, seen, plan, at)),
      ...events,
    ])
  })
}

/** The rules alone, in the order in which Quay asks them. */
function decideChange(store: Store, seen: SeenTag, change: TagChange, rows: RetargetRows, at: Date) {
  const { settings, digest } = change
  const events: Statement[] = []
  const changes: NonNullable<TagPlan['changes']> = {}
  let { live } = seen
  if (change.expiration !== undefined) {
    const before = known(live, seen).expiresAt
    const expiresAt = expiryOf(known(live, seen), change.expiration, change)
    if (expiresAt?.getTime() !== before?.getTime()) changes.expiresAt = expiresAt
    live = { ...known(live, seen), expiresAt }
    if (change.expiration !== null || before) events.push(expirationEvent(store, change, before, expiresAt))
  }
  if (change.immutable !== undefined && settings.FEATURE_IMMUTABLE_TAGS) {
    const before = known(live, seen).immutable
    checkImmutability(known(live, seen), change)
    if (change.immutable !== before) changes.immutable = change.immutable
    live = { ...known(live, seen), immutable: change.immutable }
    events.push(
      tagEvent(store, change, 'change_tag_immutability', { immutable: change.immutable, previous_immutable: before }),
    )
  }
  const plan: TagPlan = Object.keys(changes).length > 0 ? { changes } : {}
  if (digest !== undefined) {
    const retarget: Retarget = { ...change, digest: digest ?? '', cause: 'move' }
    const { next, byPolicy } = planRetarget({ ...seen, live }, retarget, rows, at)
    plan.next = next
    events.push(...retargetEvents(store, retarget, seen, byPolicy))
  }
  return { plan, events }
}

function known(live: NamedTag | undefined, { name }: SeenTag): NamedTag {
  if (!live) throw new RegistryError('tag_unknown', `no tag ${name}`)
  return live
}

/** The end of the year 9999: dates beyond it have no form that clients read. */
const lastSecond = 253_402_300_799

function expiryOf(live: NamedTag, seconds: number | null, { now, settings, name }: TagChange): Date | null {
  if (seconds === null) return null
  if (Math.trunc(seconds) * 1000 <= now.getTime() || seconds > lastSecond) {
    throw new RegistryError('rule', 'The expiration of a tag has to lie in the future, and before the year 10000.')
  }
  if (live.immutable && settings.FEATURE_IMMUTABLE_TAGS && !settings.FEATURE_IMMUTABLE_TAGS_CAN_EXPIRE) {
    throw new RegistryError('rule', `Cannot set expiration on immutable tag '${name}'`)
  }
  const end = plannedEnd(live.startedAt, Math.trunc(seconds), settings)
  if (end <= now)
    throw new RegistryError(
      'invalid',
      `Tags live ${settings.LABEL_EXPIRATION_MAX_SECONDS} seconds at most from when they were set; that has passed for '${name}'`,
    )
  return end
}

function checkImmutability(live: NamedTag, { immutable, mayRelease, settings, name }: TagChange): void {
  if (!immutable && live.immutable && !mayRelease) {
    throw new RegistryError('denied', 'only administrators make an immutable tag mutable')
  }
  if (immutable && !live.immutable && live.expiresAt && !settings.FEATURE_IMMUTABLE_TAGS_CAN_EXPIRE) {
    throw new RegistryError(
      'rule',
      `Cannot make tag '${name}' immutable: tag has expiration set. Remove the expiration first.`,
    )
  }
}

const expirationEvent = (store: Store, change: TagChange, before: Date | null, after: Date | null) =>
  tagEvent(store, change, 'change_tag_expiration', {
    expiration_date: change.expiration === null ? null : Math.trunc(change.expiration ?? 0),
    // Quay's log has milliseconds here, and null where nothing changed.
    old_expiration_date: before?.getTime() === after?.getTime() ? null : (before?.getTime() ?? null),
  })

function tagEvent(store: Store, change: TagChange, kind: string, metadata: Record<string, unknown>) {
  const { actor, namespace, repository, name } = change
  return recordEvent(store, change, {
    kind,
    namespaceId: namespace.id,
    repositoryId: repository.id,
    metadata: {
      username: actor?.account.username ?? null,
      repo: repository.name,
      tag: name,
      namespace: namespace.username,
      ...metadata,
    },
  })
}
