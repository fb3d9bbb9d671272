import { sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { Settings } from '../../settings.ts'
import { accountIdNamed, accountNamed, userWithEmail } from '../../store/namespaces.ts'
import { account, team, teamMember } from '../../store/schema.ts'
import { commit, retrying, type Store } from '../../store/store.ts'
import { type Actor, isRestricted } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { namespaceNameProblem } from '../reference.ts'
import { teamRank } from '../token/scope.ts'
import { newAccount } from './newAccount.ts'

export interface NewOrganization extends Origin {
  actor: Actor
  name: string
  email: string | undefined
  settings: Settings
  /** The dialect has a rule for names of its own, and has applied it. */
  hasOwnNameRule?: boolean
}

/**
 * Creates an organization with a team `owners`, whose first member is the actor.
 * @throws `denied`, `invalid` with Quay's words
 */
export async function createOrganization(store: Store, organization: NewOrganization): Promise<void> {
  const { actor, settings } = organization
  const isForSuperusers = settings.FEATURE_SUPERUSERS_ORG_CREATION_ONLY && !actor.isSuperuser
  if (isForSuperusers || isRestricted(actor, settings)) {
    throw new RegistryError('denied', 'the actor may not create organizations')
  }
  await retrying(() => create(store, organization))
}

async function create(store: Store, organization: NewOrganization): Promise<void> {
  const { actor, name, email, settings, now } = organization
  const [[named], [addressed]] = await store.batch([accountNamed(store, name), userWithEmail(store, email ?? '')])
  if (named?.deletedName === name) throw new RegistryError('invalid', 'Username is not available')
  if (named) throw new RegistryError('invalid', 'A user or organization with this name already exists')
  if (email && !isEmailAddress(email)) throw new RegistryError('invalid', 'Invalid email address')
  if (addressed && !settings.FEATURE_ORG_SHARED_EMAIL)
    throw new RegistryError('invalid', `Email has already been used: ${email}`)
  const problem = organization.hasOwnNameRule ? undefined : namespaceNameProblem(name)
  if (problem) throw new RegistryError('invalid', `Invalid namespace ${name}: ${problem}`)

  const organizationId = accountIdNamed(name)
  const row = newAccount('organization', name, {
    email,
    tagExpirationSeconds: settings.DEFAULT_TAG_EXPIRATION,
    swrCreatorId: actor.account.id,
    now,
  })
  await commit(store, [
    store.insert(account).values(row),
    store.insert(team).values({ organizationId, name: 'owners', role: teamRank('admin') }),
    store.insert(teamMember).values({
      teamId: sql`(select id from team where organization_id = ${organizationId} and name = 'owners')`,
      accountId: actor.account.id,
    }),
    recordEvent(store, organization, {
      kind: 'org_create',
      namespaceId: organizationId,
      metadata: { email: email ?? null, namespace: name },
    }),
  ])
}

/** One `@`, something before it, and a domain of two labels or more. */
export function isEmailAddress(text: string): boolean {
  return text.length <= 254 && /^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/.test(text)
}
