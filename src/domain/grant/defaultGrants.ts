import { eq, sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { RowId } from '../../store/columns.ts'
import { defaultGrantWithUuid, type NamedDefaultGrant } from '../../store/defaultGrants.ts'
import type { Namespace } from '../../store/rights.ts'
import { defaultGrant } from '../../store/schema.ts'
import { commit, guard, type Rows, retrying, type Store } from '../../store/store.ts'
import { memberNamed, teamNamed } from '../../store/teams.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { type RepositoryRole, repositoryRank, repositoryRoleOf } from '../token/scope.ts'

interface Act extends Origin {
  organization: Namespace
}

export interface NewDefaultGrant extends Act {
  role: RepositoryRole
  delegate: { kind: 'user' | 'team'; name: string }
  /** Applies to repositories that this user creates; to everybody's where undefined. */
  activatingUser: string | undefined
}

/** What `createDefaultGrant` has to know. */
export const newDefaultGrantReads = (
  store: Store,
  organizationId: RowId,
  { delegate, activatingUser }: { delegate: string; activatingUser: string },
) =>
  [
    memberNamed(store, activatingUser, organizationId),
    memberNamed(store, delegate, organizationId),
    teamNamed(store, organizationId, delegate),
  ] as const

/** Says what new repositories of an organization grant from the start. @throws `invalid`, `rule` with Quay's words */
export async function createDefaultGrant(
  store: Store,
  wanted: NewDefaultGrant,
  firstRead?: Rows<ReturnType<typeof newDefaultGrantReads>>,
): Promise<NamedDefaultGrant> {
  const { organization, role, delegate, activatingUser } = wanted
  const names = { delegate: delegate.name, activatingUser: activatingUser ?? '' }
  const [[activating], [user], [team]] =
    firstRead ?? (await store.batch(newDefaultGrantReads(store, organization.id, names)))
  const ofTeam = delegate.kind === 'team'
  if (activatingUser !== undefined && !activating) throw new RegistryError('invalid', 'Unknown activating user')
  if (!ofTeam && !user) throw new RegistryError('invalid', 'Missing delegate user or team')
  if (ofTeam && !team) {
    throw new RegistryError('rule', `Team does not exist: ${organization.username}/${delegate.name}`)
  }
  const row = {
    uuid: crypto.randomUUID(),
    organizationId: organization.id,
    activatingAccountId: activatingUser === undefined ? null : (activating?.id ?? null),
    delegateAccountId: ofTeam ? null : (user?.id ?? null),
    delegateTeamId: ofTeam ? (team?.id ?? null) : null,
    role: repositoryRank(role),
  }
  const [created] = await commit(store, [
    store.insert(defaultGrant).values(row).returning({ id: defaultGrant.id }),
    grantEvent(store, wanted, 'create_prototype_permission', {
      prototypeid: row.uuid,
      activating_username: activatingUser ?? null,
      role,
      ...(ofTeam ? { delegate_team: delegate.name } : { delegate_user: delegate.name }),
    }),
  ])
  return {
    ...row,
    id: created[0]?.id ?? 0,
    activating: person(activatingUser === undefined ? undefined : activating),
    delegate: person(ofTeam ? undefined : user),
    team: { name: ofTeam ? delegate.name : null },
  } as NamedDefaultGrant
}

const person = (account: { username: string; kind: string; email: string; isMember: boolean } | undefined) =>
  account ?? { username: null, kind: null, email: null, isMember: false }

/** What changing or deleting a default grant has to know: it is the organization's own, or there is none. */
export const defaultGrantReads = (store: Store, organizationId: RowId, uuid: string) =>
  [defaultGrantWithUuid(store, organizationId, uuid)] as const

type DefaultGrantRows = Rows<ReturnType<typeof defaultGrantReads>>

/** Changes a default grant's role; repositories that exist keep what they have. @throws `not_found` */
export async function changeDefaultGrant(
  store: Store,
  change: Act & { uuid: string; role: RepositoryRole },
  firstRead?: DefaultGrantRows,
): Promise<NamedDefaultGrant> {
  const role = repositoryRank(change.role)
  return retrying(async (attempt) => {
    const seen = await readDefaultGrant(store, change, attempt === 0 ? firstRead : undefined)
    await commit(store, [
      unchanged(store, seen),
      store.update(defaultGrant).set({ role }).where(eq(defaultGrant.id, seen.id)),
      grantEvent(store, change, 'modify_prototype_permission', {
        ...namesOf(seen),
        role: change.role,
        original_role: repositoryRoleOf(seen.role),
      }),
    ])
    return { ...seen, role }
  })
}

/** Deletes a default grant; repositories that exist keep what they have. @throws `not_found` */
export async function deleteDefaultGrant(
  store: Store,
  deletion: Act & { uuid: string },
  firstRead?: DefaultGrantRows,
): Promise<void> {
  await retrying(async (attempt) => {
    const seen = await readDefaultGrant(store, deletion, attempt === 0 ? firstRead : undefined)
    await commit(store, [
      unchanged(store, seen),
      store.delete(defaultGrant).where(eq(defaultGrant.id, seen.id)),
      grantEvent(store, deletion, 'delete_prototype_permission', {
        ...namesOf(seen),
        role: repositoryRoleOf(seen.role),
      }),
    ])
  })
}

async function readDefaultGrant(
  store: Store,
  { organization, uuid }: Act & { uuid: string },
  known: DefaultGrantRows | undefined,
): Promise<NamedDefaultGrant> {
  const [[seen]] = known ?? (await store.batch(defaultGrantReads(store, organization.id, uuid)))
  if (!seen) throw new RegistryError('not_found', `no default grant ${uuid}`)
  return seen
}

const unchanged = (store: Store, { id, role }: NamedDefaultGrant) =>
  guard(store, sql`exists (select 1 from default_grant where id = ${id} and role = ${role})`)

const namesOf = ({ uuid, activating, delegate, team }: NamedDefaultGrant) => ({
  prototypeid: uuid,
  activating_username: activating.username,
  ...(team.name === null ? { delegate_user: delegate.username } : { delegate_team: team.name }),
})

const grantEvent = (store: Store, act: Act, kind: string, metadata: Record<string, unknown>) =>
  recordEvent(store, act, {
    kind,
    namespaceId: act.organization.id,
    metadata: { username: act.actor?.account.username ?? null, ...metadata },
  })
