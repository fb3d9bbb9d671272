import { and, eq, sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import { accountNamed } from '../../store/namespaces.ts'
import type { Namespace } from '../../store/rights.ts'
import { account } from '../../store/schema.ts'
import { commit, type Store } from '../../store/store.ts'
import type { Actor } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { namespaceNameProblem } from '../reference.ts'

/** Why a namespace can't be called this. */
export function nameProblem(name: string): string | undefined {
  const problem = namespaceNameProblem(name)
  return problem && `Invalid username ${name}: ${problem}`
}

/** Robots are called after their namespace. */
export const renameRobots = (store: Store, namespaceId: number, name: string) =>
  store
    .update(account)
    .set({ username: sql`${name} || substr(username, instr(username, '+'))` })
    .where(and(eq(account.ownerId, namespaceId), eq(account.kind, 'robot')))

export interface Renaming extends Origin {
  actor: Actor
  namespace: Namespace
  name: string
}

/** Gives an organization another name, and its robots with it. @throws `rule` for a bad name, `invalid` for one that is taken */
export async function renameOrganization(store: Store, { namespace, name, ...origin }: Renaming): Promise<Namespace> {
  if (name === namespace.username) return namespace
  const problem = nameProblem(name)
  if (problem) throw new RegistryError('rule', problem)
  const [[taken]] = await store.batch([accountNamed(store, name)])
  if (taken) throw new RegistryError('invalid', 'A user or organization with this name already exists')
  await commit(store, [
    recordEvent(store, origin, {
      kind: 'org_change_name',
      namespaceId: namespace.id,
      metadata: { old_name: namespace.username, new_name: name, superuser: origin.actor.account.username },
    }),
    store.update(account).set({ username: name }).where(eq(account.id, namespace.id)),
    renameRobots(store, namespace.id, name),
  ])
  return { ...namespace, username: name }
}
