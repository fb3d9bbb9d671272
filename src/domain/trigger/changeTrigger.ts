import { eq, sql } from 'drizzle-orm'
import type { Namespace, Repository } from '../../store/rights.ts'
import { imageTrigger } from '../../store/schema.ts'
import { commit, guard, type Store } from '../../store/store.ts'
import type { TriggerRow } from '../../store/triggers.ts'
import type { Actor } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'

export interface TriggerTarget extends Origin {
  actor: Actor
  namespace: Namespace
  repository: Repository
}

/** Keeps what a cluster is to be told of a push; nothing is told yet. @throws `conflict` where the name is taken */
export async function createTrigger(
  store: Store,
  target: TriggerTarget,
  { name, settings }: { name: string; settings: Record<string, string> },
): Promise<void> {
  const { repository, actor, now } = target
  const values = { repositoryId: repository.id, name, settings, creatorName: actor.account.username, createdAt: now }
  await commit(store, [store.insert(imageTrigger).values(values), told(store, target, 'create_repo_trigger', name)])
}

export async function switchTrigger(store: Store, target: TriggerTarget, trigger: TriggerRow, enable: string) {
  const settings = { ...trigger.settings, enable }
  await commit(store, [
    isThere(store, trigger),
    store.update(imageTrigger).set({ settings }).where(eq(imageTrigger.id, trigger.id)),
    told(store, target, 'change_repo_trigger', trigger.name, { enable }),
  ])
}

export async function deleteTrigger(store: Store, target: TriggerTarget, trigger: TriggerRow) {
  await commit(store, [
    isThere(store, trigger),
    store.delete(imageTrigger).where(eq(imageTrigger.id, trigger.id)),
    told(store, target, 'delete_repo_trigger', trigger.name),
  ])
}

const isThere = (store: Store, { id }: TriggerRow) =>
  guard(store, sql`exists (select 1 from image_trigger where id = ${id})`)

const told = (
  store: Store,
  { namespace, repository, ...origin }: TriggerTarget,
  kind: string,
  name: string,
  more: Record<string, unknown> = {},
) =>
  recordEvent(store, origin, {
    kind,
    namespaceId: namespace.id,
    repositoryId: repository.id,
    metadata: { repo: repository.name, namespace: namespace.username, trigger: name, ...more },
  })
