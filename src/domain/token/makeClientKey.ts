import { RegistryError } from '../../errors.ts'
import { commit, type Store } from '../../store/store.ts'
import type { Actor } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { checkPassword } from './checkPassword.ts'
import { sealPassword } from './password.ts'
import type { Vault } from './vault.ts'

export interface ClientKeyRequest extends Origin {
  actor: Actor
  password: string
  vault: Vault
}

/** Seals the actor's own password, once it has been given. @throws `invalid` for a wrong one, `throttled` */
export async function makeClientKey(
  store: Store,
  { actor, password, vault, ...rest }: ClientKeyRequest,
): Promise<string> {
  if (!(await checkPassword(store, actor.account, password, rest.now))) {
    throw new RegistryError('invalid', 'Invalid Username or Password')
  }
  await commit(store, [
    recordEvent(store, { actor, ...rest }, { kind: 'user_generate_client_key', namespaceId: actor.account.id }),
  ])
  return sealPassword(vault, password)
}
