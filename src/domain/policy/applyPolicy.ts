import { and, eq, sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { makeImmutable, mutableTagsAfter, type PendingPolicy } from '../../store/policies.ts'
import { immutabilityPolicy } from '../../store/schema.ts'
import { commit, guard, type Store } from '../../store/store.ts'
import { recordEvent } from '../event/recordEvent.ts'
import { hitter } from '../tag/immutability.ts'

/** How much of a registry one request looks at; a job goes on from there. */
const usual = { tags: 1000, steps: 20 }

/**
 * Makes the tags immutable that a policy hits and that were there before it, a bounded number at a time. How far it has
 * come stands in the policy's row, so that it can stop anywhere and go on later, and two that work on it don't count double.
 */
export async function applyPolicy(services: Services, policy: PendingPolicy, bounds = usual): Promise<void> {
  let pending: PendingPolicy | undefined = policy
  for (let step = 0; pending && step < bounds.steps; step++) {
    pending = await applyStep(services, pending, bounds.tags)
  }
}

/** @returns what is left to do */
async function applyStep(services: Services, policy: PendingPolicy, limit: number): Promise<PendingPolicy | undefined> {
  const { store, settings } = services
  const now = services.now()
  const [tags] = await store.batch([mutableTagsAfter(store, policy, now, limit)])
  const isHit = hitter(policy)
  const ids = tags.filter(({ name }) => isHit(name)).map(({ id }) => id)
  const last = tags.length < limit ? undefined : tags.at(-1)
  const appliedTo: [number, string] | null = last ? [last.repositoryId, last.name] : null
  const appliedCount = policy.appliedCount + ids.length
  try {
    await commit(store, [
      guard(store, isUntouched(policy)),
      ...(ids.length > 0 ? makeImmutable(store, ids, settings.FEATURE_IMMUTABLE_TAGS_CAN_EXPIRE) : []),
      store.update(immutabilityPolicy).set({ appliedTo, appliedCount }).where(eq(immutabilityPolicy.id, policy.id)),
      ...(appliedTo === null && appliedCount > 0 ? [appliedEvent(store, policy, appliedCount, now)] : []),
    ])
  } catch (error) {
    // Somebody else goes on with it, or it was changed or taken away.
    if (error instanceof RegistryError && error.code === 'conflict') return undefined
    throw error
  }
  return appliedTo ? { ...policy, appliedTo, appliedCount } : undefined
}

const isUntouched = ({ id, pattern, matches, appliedTo, appliedCount }: PendingPolicy) => sql`exists (
  select 1 from immutability_policy p where ${and(
    sql`p.id = ${id}`,
    sql`p.pattern = ${pattern}`,
    sql`p.matches = ${matches ? 1 : 0}`,
    sql`p.applied_to = ${JSON.stringify(appliedTo)}`,
    sql`p.applied_count = ${appliedCount}`,
  )})`

const appliedEvent = (store: Store, policy: PendingPolicy, count: number, now: Date) =>
  recordEvent(
    store,
    { actor: undefined, ip: undefined, now },
    {
      kind: 'tags_made_immutable_by_policy',
      namespaceId: policy.namespaceId,
      repositoryId: policy.repositoryId,
      metadata: {
        namespace: policy.namespace,
        ...(policy.repository !== null && { repo: policy.repository }),
        tag_pattern: policy.pattern,
        tag_pattern_matches: policy.matches,
        count,
      },
    },
  )
