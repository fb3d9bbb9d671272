import { eq, sql } from 'drizzle-orm'
import type { RetentionRow } from '../../store/retentions.ts'
import type { Namespace, Repository } from '../../store/rights.ts'
import { retention } from '../../store/schema.ts'
import { commit, guard, type Statement, type Store } from '../../store/store.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'

export interface RetentionTarget extends Origin {
  namespace: Namespace
  repository: Repository
}

export interface RetentionPolicy {
  algorithm: string
  rules: Record<string, unknown>[]
}

/** Gives a repository its retention policy. @throws `conflict` where it has one */
export async function createRetention(store: Store, target: RetentionTarget, policy: RetentionPolicy): Promise<number> {
  const insert = store
    .insert(retention)
    .values({ repositoryId: target.repository.id, ...policy })
    .returning()
  const [[row]] = await commit(store, [insert, told(store, target, 'create_repo_retention')])
  return (row as RetentionRow).id
}

export async function updateRetention(store: Store, target: RetentionTarget, id: number, policy: RetentionPolicy) {
  await change(
    store,
    target,
    'update_repo_retention',
    id,
    store.update(retention).set(policy).where(eq(retention.id, id)),
  )
}

export async function deleteRetention(store: Store, target: RetentionTarget, id: number) {
  await change(store, target, 'delete_repo_retention', id, store.delete(retention).where(eq(retention.id, id)))
}

async function change(store: Store, target: RetentionTarget, kind: string, id: number, statement: Statement) {
  const isThere = guard(store, sql`exists (select 1 from retention where id = ${id})`)
  await commit(store, [isThere, statement, told(store, target, kind)])
}

const told = (store: Store, { namespace, repository, ...origin }: RetentionTarget, kind: string) =>
  recordEvent(store, origin, {
    kind,
    namespaceId: namespace.id,
    repositoryId: repository.id,
    metadata: { repo: repository.name, namespace: namespace.username },
  })
