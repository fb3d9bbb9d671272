import { sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { Settings } from '../../settings.ts'
import { accountIdNamed, anyAccount, applicationIdOf } from '../../store/namespaces.ts'
import { account, oauthApplication } from '../../store/schema.ts'
import { commit, guard, type Store } from '../../store/store.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'
import { namespaceNameProblem } from '../reference.ts'
import { grantAccessToken } from '../token/grantAccessToken.ts'
import { hashPassword, isPassword, passwordProblem } from '../token/password.ts'
import { scopes } from '../token/scope.ts'
import { capitals, randomText } from '../token/secret.ts'
import type { Vault } from '../token/vault.ts'
import { newAccount } from './newAccount.ts'

export interface FirstUser extends Omit<Origin, 'actor'> {
  username: string
  email: string | undefined
  password: string
  wantsToken: boolean
  settings: Settings
  vault: Vault
}

/** How long the first token lives: enough to set an installation up. */
const tokenLifetimeSeconds = 9000

/**
 * Creates the first user of an empty installation, if wanted with a token that may do everything the user may.
 * @throws `rule` where there is any account already, even one that is being deleted
 */
export async function initializeFirstUser(store: Store, user: FirstUser): Promise<{ uuid: string; token?: string }> {
  const { username, email, password, settings, now, ip, vault } = user
  const [[any]] = await store.batch([anyAccount(store)])
  if (any) throw notEmpty()
  const problem = problemOf(user)
  if (problem) throw new RegistryError('rule', `Failed to initialize user: ${problem}`)

  const row = newAccount('user', username, {
    email,
    passwordHash: await hashPassword(password),
    verified: true,
    tagExpirationSeconds: settings.DEFAULT_TAG_EXPIRATION,
    now,
  })
  const accountId = accountIdNamed(username)
  const application = {
    clientId: username,
    encryptedSecret: await vault.seal('client secret', randomText(40, capitals)),
    namespaceId: accountId,
    name: 'automation',
  }
  const token = await grantAccessToken(store, {
    applicationId: applicationIdOf(username),
    accountId,
    scope: Object.keys(scopes).join(' '),
    lifetimeSeconds: tokenLifetimeSeconds,
    now,
  })
  try {
    await commit(store, [
      guard(store, sql`not exists (select 1 from account)`),
      store.insert(account).values(row),
      ...(user.wantsToken ? [store.insert(oauthApplication).values(application), token.insert] : []),
      recordEvent(
        store,
        { actor: undefined, ip, now },
        { kind: 'user_create', namespaceId: accountId, metadata: { email: email ?? null, username } },
      ),
    ])
  } catch (error) {
    throw error instanceof RegistryError && error.code === 'conflict' ? notEmpty() : error
  }
  return { uuid: row.uuid, ...(user.wantsToken && { token: token.text }) }
}

const notEmpty = () => new RegistryError('rule', 'Cannot initialize user in a non-empty database')

function problemOf({ username, email, password, settings }: FirstUser): string | undefined {
  if (settings.FEATURE_MAILING && !email) return 'Email address is required'
  const named = namespaceNameProblem(username)
  if (named) return `Invalid namespace ${username}: ${named}`
  return isPassword(password) ? undefined : passwordProblem
}
