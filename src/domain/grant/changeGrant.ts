import { and, eq, sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { RowId } from '../../store/columns.ts'
import { type TeamWithGrant, teamWithGrant, type UserWithGrant, userWithGrant } from '../../store/grants.ts'
import type { Namespace, Repository } from '../../store/rights.ts'
import { repositoryGrant } from '../../store/schema.ts'
import { commit, guard, type Rows, retrying, type Statement, type Store } from '../../store/store.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { type RepositoryRole, repositoryRank } from '../token/scope.ts'
import { raiseGeneration } from './raiseGenerations.ts'

export interface GrantChange extends Origin {
  namespace: Namespace
  repository: Repository
  /** The user, robot or team whose grant it is. */
  name: string
  /** Null takes the grant away. */
  role: RepositoryRole | null
}

/** What `changeUserGrant` has to know. */
export const userGrantReads = (store: Store, username: string, repositoryId: RowId, namespaceId: RowId) =>
  [userWithGrant(store, username, repositoryId, namespaceId)] as const

/** What `changeTeamGrant` has to know. */
export const teamGrantReads = (store: Store, name: string, repositoryId: RowId, namespaceId: RowId) =>
  [teamWithGrant(store, name, repositoryId, namespaceId)] as const

/** Gives a user or robot a role of its own on a repository, or takes it away. @throws `invalid` with Quay's words */
export async function changeUserGrant(
  store: Store,
  change: GrantChange,
  firstRead?: Rows<ReturnType<typeof userGrantReads>>,
): Promise<UserWithGrant> {
  const { namespace, repository, name, role } = change
  return retrying(async (attempt) => {
    const known = attempt === 0 ? firstRead : undefined
    const [[user]] = known ?? (await store.batch(userGrantReads(store, name, repository.id, namespace.id)))
    checkUser(change, user)
    await commit(store, grantStatements(store, change, { accountId: user.id }, { username: name }))
    return { ...user, role: role && repositoryRank(role) }
  })
}

/** Gives a team a role on a repository, or takes it away. @throws `invalid` with Quay's words */
export async function changeTeamGrant(
  store: Store,
  change: GrantChange,
  firstRead?: Rows<ReturnType<typeof teamGrantReads>>,
): Promise<TeamWithGrant> {
  const { namespace, repository, name, role } = change
  return retrying(async (attempt) => {
    const known = attempt === 0 ? firstRead : undefined
    const [[team]] = known ?? (await store.batch(teamGrantReads(store, name, repository.id, namespace.id)))
    if (role === null && (!team || team.role === null)) {
      throw new RegistryError('invalid', 'Team does not have permission for repo.')
    }
    if (!team) throw new RegistryError('invalid', `No team ${name} in organization ${namespace.username}`)
    await commit(store, grantStatements(store, change, { teamId: team.id }, { team: name }))
    return { ...team, role: role && repositoryRank(role) }
  })
}

function checkUser(
  { namespace, name, role }: GrantChange,
  user: UserWithGrant | undefined,
): asserts user is UserWithGrant {
  if (name === namespace.username) throw new RegistryError('invalid', 'Namespace owner must always be admin.')
  if (role === null && (!user || user.role === null)) {
    throw new RegistryError('invalid', 'User does not have permission for repo.')
  }
  if (!user) throw new RegistryError('invalid', `Invalid username: ${name}`)
  if (role !== null && user.kind === 'robot' && user.ownerId !== namespace.id) {
    throw new RegistryError('invalid', `Cannot add robot ${name} under namespace ${namespace.username}`)
  }
}

/** The change of one grant, with its event. */
export function grantStatements(
  store: Store,
  change: GrantChange,
  grantee: { accountId: number } | { teamId: number },
  named: { username: string } | { team: string },
): Statement[] {
  const { namespace, repository, role } = change
  return [
    ...(role === null
      ? withdrawal(store, repository.id, grantee)
      : [upsert(store, { repositoryId: repository.id, role: repositoryRank(role), ...grantee })]),
    raiseGeneration(store, repository.id),
    recordEvent(store, change, {
      kind: role === null ? 'delete_repo_permission' : 'change_repo_permission',
      namespaceId: namespace.id,
      repositoryId: repository.id,
      metadata: {
        ...named,
        repo: repository.name,
        // Quay names the namespace for users only.
        ...('username' in named && { namespace: namespace.username }),
        ...(role !== null && { role }),
      },
    }),
  ]
}

function withdrawal(store: Store, repositoryId: number, grantee: { accountId: number } | { teamId: number }) {
  const grant = and(
    eq(repositoryGrant.repositoryId, repositoryId),
    'accountId' in grantee
      ? eq(repositoryGrant.accountId, grantee.accountId)
      : eq(repositoryGrant.teamId, grantee.teamId),
  )
  return [
    guard(store, sql`exists (select 1 from ${repositoryGrant} where ${grant})`),
    store.delete(repositoryGrant).where(grant),
  ]
}

function upsert(store: Store, row: typeof repositoryGrant.$inferInsert) {
  const insert = store.insert(repositoryGrant).values(row)
  const ofTeam = row.teamId !== undefined
  return insert.onConflictDoUpdate({
    target: [repositoryGrant.repositoryId, ofTeam ? repositoryGrant.teamId : repositoryGrant.accountId],
    targetWhere: ofTeam ? sql`team_id is not null` : sql`account_id is not null`,
    set: { role: row.role },
  })
}
