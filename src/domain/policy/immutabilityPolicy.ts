import { eq } from 'drizzle-orm'
import { RE2JS } from 're2js'
import { RegistryError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { type ImmutabilityPolicy, policiesOf } from '../../store/policies.ts'
import type { Namespace, Repository } from '../../store/rights.ts'
import { immutabilityPolicy } from '../../store/schema.ts'
import { commit, retrying, type Statement, type Store } from '../../store/store.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { applyPolicy } from './applyPolicy.ts'

/** Whose policies are meant: a namespace's, or one repository's. */
export interface PolicyOwner extends Origin {
  namespace: Namespace
  repository?: Repository | undefined
}

export interface Rule {
  pattern: string
  matches: boolean
}

const patternLengthMax = 256

/** Adds a policy, and makes the tags immutable that it hits. @throws `invalid` */
export async function createPolicy(
  services: Services,
  owner: PolicyOwner,
  rule: Rule,
  known?: ImmutabilityPolicy[],
): Promise<string> {
  const { store } = services
  const uuid = crypto.randomUUID()
  const [row] = await saving(store, owner, known, (existing) => {
    const checked = checkRule(rule, existing)
    return {
      kind: 'create_immutability_policy',
      metadata: told(checked),
      change: store
        .insert(immutabilityPolicy)
        .values({
          uuid,
          namespaceId: owner.namespace.id,
          repositoryId: owner.repository?.id ?? null,
          ...checked,
          appliedTo: [0, ''],
        })
        .returning(),
    }
  })
  if (row) await applyPolicy(services, named(row, owner))
  return uuid
}

/** Gives a policy another rule, and makes the tags immutable that it hits now. @throws `not_found`, `invalid` */
export async function updatePolicy(
  services: Services,
  owner: PolicyOwner,
  uuid: string,
  rule: Rule,
  known?: ImmutabilityPolicy[],
): Promise<void> {
  const { store } = services
  const [row] = await saving(store, owner, known, (existing) => {
    const { id } = policyOf(existing, uuid)
    const checked = checkRule(
      rule,
      existing.filter((other) => other.id !== id),
    )
    return {
      kind: 'update_immutability_policy',
      metadata: told(checked),
      change: store
        .update(immutabilityPolicy)
        .set({ ...checked, appliedTo: [0, ''], appliedCount: 0 })
        .where(eq(immutabilityPolicy.id, id))
        .returning(),
    }
  })
  if (row) await applyPolicy(services, named(row, owner))
}

/** Takes a policy away; what it made immutable stays so. @throws `not_found` */
export async function deletePolicy(
  store: Store,
  owner: PolicyOwner,
  uuid: string,
  known?: ImmutabilityPolicy[],
): Promise<void> {
  await saving(store, owner, known, (existing) => ({
    kind: 'delete_immutability_policy',
    metadata: { policy_uuid: uuid },
    change: store
      .delete(immutabilityPolicy)
      .where(eq(immutabilityPolicy.id, policyOf(existing, uuid).id))
      .returning(),
  }))
}

/** The policy of this id among its owner's. @throws `not_found` */
export function policyOf(policies: readonly ImmutabilityPolicy[], uuid: string): ImmutabilityPolicy {
  const policy = policies.find((one) => one.uuid === uuid)
  if (!policy) throw new RegistryError('not_found', 'no policy of this id')
  return policy
}

interface Saving {
  kind: string
  metadata: Record<string, unknown>
  change: Change
}
type Change = Statement & { _: { result: ImmutabilityPolicy[] } }

async function saving(
  store: Store,
  owner: PolicyOwner,
  known: ImmutabilityPolicy[] | undefined,
  decide: (existing: readonly ImmutabilityPolicy[]) => Saving,
): Promise<ImmutabilityPolicy[]> {
  const { namespace, repository } = owner
  return retrying(async (attempt) => {
    const existing =
      (attempt === 0 ? known : undefined) ?? (await store.batch([policiesOf(store, namespace.id, repository?.id)]))[0]
    const { kind, metadata, change } = decide(existing)
    const [rows] = await commit(store, [
      change,
      recordEvent(store, owner, {
        kind,
        namespaceId: namespace.id,
        repositoryId: repository?.id ?? null,
        metadata: { namespace: namespace.username, ...(repository && { repo: repository.name }), ...metadata },
      }),
    ])
    return rows
  })
}

function checkRule({ pattern, matches }: Rule, others: readonly ImmutabilityPolicy[]): Rule {
  const trimmed = pattern.trim()
  if (!trimmed) throw new RegistryError('invalid', 'tag_pattern is required and must be a non-empty string')
  if (trimmed.length > patternLengthMax) {
    throw new RegistryError('invalid', `tag_pattern must be ${patternLengthMax} characters or less`)
  }
  try {
    RE2JS.compile(trimmed)
  } catch (cause) {
    throw new RegistryError('invalid', `Invalid regex pattern: ${cause instanceof Error ? cause.message : ''}`, {
      cause,
    })
  }
  if (others.some((other) => other.pattern === trimmed)) {
    throw new RegistryError('invalid', 'A policy with the same tag_pattern already exists')
  }
  return { pattern: trimmed, matches }
}

const told = ({ pattern, matches }: Rule) => ({ tag_pattern: pattern, tag_pattern_matches: matches })

const named = (row: ImmutabilityPolicy, { namespace, repository }: PolicyOwner) => ({
  ...row,
  namespace: namespace.username,
  repository: repository?.name ?? null,
})
