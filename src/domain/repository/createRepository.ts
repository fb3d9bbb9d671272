import { RegistryError } from '../../errors.ts'
import type { Settings } from '../../settings.ts'
import { type DefaultGrant, defaultGrantsFor } from '../../store/grants.ts'
import { type Namespace, repositoryIdOf } from '../../store/rights.ts'
import { actionCount, repository, repositoryGrant } from '../../store/schema.ts'
import { commit, type Statement, type Store } from '../../store/store.ts'
import { type Actor, isRestricted } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { isRepositoryName } from '../reference.ts'
import { repositoryRank } from '../token/scope.ts'

export interface NewRepository extends Origin {
  actor: Actor
  namespace: Namespace
  name: string
  isPublic: boolean
  description: string | null
  settings: Settings
  swrCategory?: string
  /** A push that creates what it needs leaves no line of its own in the log. */
  silent?: boolean
}

/**
 * Creates a repository: its creator administers it, and the organization's default permissions apply.
 * @throws `name_invalid`, `conflict` where the name is taken, `denied` to somebody who may have no repositories of their own
 */
export async function createRepository(
  store: Store,
  wanted: NewRepository,
  knownDefaults?: DefaultGrant[],
): Promise<void> {
  const { actor, namespace, name, settings } = wanted
  if (!isRepositoryName(name, settings.FEATURE_EXTENDED_REPOSITORY_NAMES)) {
    throw new RegistryError('name_invalid', 'Invalid repository name')
  }
  const isOwn = namespace.id === actor.account.id
  if (isOwn && isRestricted(actor, settings)) throw new RegistryError('denied', 'the actor may have no repositories')
  const defaults = isOwn
    ? []
    : (knownDefaults ?? (await store.batch([defaultGrantsFor(store, namespace.id, actor.account.id)]))[0])
  await commit(store, creation(store, wanted, defaults))
}

function creation(store: Store, wanted: NewRepository, defaults: readonly DefaultGrant[]): Statement[] {
  const { actor, namespace, name, isPublic, description, now, swrCategory } = wanted
  const repositoryId = repositoryIdOf({ namespace: namespace.username, name })
  const yesterday = new Date(now.getTime() - 86_400_000).toISOString().slice(0, 10)
  const grants = [
    { accountId: actor.account.id, role: repositoryRank('admin') },
    ...applicable(defaults, actor.account.id),
  ]
  return [
    store.insert(repository).values({
      namespaceId: namespace.id,
      name,
      isPublic,
      description,
      badgeToken: crypto.randomUUID(),
      createdAt: now,
      updatedAt: now,
      swrCreatorId: actor.account.id,
      ...(swrCategory && { swrCategory }),
    }),
    ...grants.map((grant) => store.insert(repositoryGrant).values({ repositoryId, ...grant })),
    store.insert(actionCount).values({ repositoryId, day: yesterday, count: 0 }),
    ...(wanted.silent
      ? []
      : [
          recordEvent(store, wanted, {
            kind: 'create_repo',
            namespaceId: namespace.id,
            repositoryId,
            metadata: { repo: name, namespace: namespace.username },
          }),
        ]),
  ]
}

/** Of the defaults for one delegate, the creator's own beats the general one; the creator is an admin already. */
function applicable(defaults: readonly DefaultGrant[], creatorId: number) {
  const byDelegate = new Map<string, DefaultGrant>()
  for (const row of defaults) {
    const delegate = row.delegateTeamId === null ? `account ${row.delegateAccountId}` : `team ${row.delegateTeamId}`
    const seen = byDelegate.get(delegate)
    if (!seen || (seen.activatingAccountId === null && row.activatingAccountId !== null)) byDelegate.set(delegate, row)
  }
  return [...byDelegate.values()]
    .filter((row) => row.delegateAccountId !== creatorId)
    .map(({ delegateAccountId: accountId, delegateTeamId: teamId, role }) => ({ accountId, teamId, role }))
}
