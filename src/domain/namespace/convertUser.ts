import { RegistryError } from '../../errors.ts'
import type { Store } from '../../store/store.ts'
import type { Account, Actor } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { commitRights, raiseGenerationsIn } from '../grant/raiseGenerations.ts'
import { checkPassword } from '../token/checkPassword.ts'
import { conversion } from './convertToOrganization.ts'

export interface UserConversion extends Origin {
  actor: Actor
  /** Whom the store found under the name that was given for the future admin. */
  admin: Account | undefined
  adminPassword: string
}

/**
 * Makes the actor an organization that somebody else administers, who gives their password.
 * @returns the admin, and the paths of the repositories that this concerns
 * @throws `invalid`
 */
export async function convertUser(
  store: Store,
  { actor, admin, adminPassword, ...rest }: UserConversion,
): Promise<{ admin: Account; touched: string[] }> {
  if (admin?.id === actor.account.id) throw new RegistryError('invalid', 'The admin user is not valid')
  const isProven = await checkPassword(store, admin, adminPassword, rest.now)
  if (!isProven || !admin?.enabled) throw new RegistryError('invalid', 'The admin user credentials are not valid')
  const { id, username } = actor.account
  const touched = await commitRights(store, username, raiseGenerationsIn(store, id), [
    ...conversion(store, id, admin.id),
    recordEvent(store, { actor, ...rest }, { kind: 'account_convert', namespaceId: id }),
  ])
  return { admin, touched }
}
