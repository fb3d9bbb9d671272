import type { Settings } from '../../settings.ts'
import type { Principal } from '../../store/principals.ts'
import type { Store } from '../../store/store.ts'
import { type Actor, actorOf, proveActor } from '../actor.ts'
import { isRobotPassword } from '../robot/robotPassword.ts'
import { openRobotToken } from '../robot/robotToken.ts'
import { proveKeyHolder } from './accessKey.ts'
import { checkPassword } from './checkPassword.ts'
import type { BasicCredential } from './credential.ts'
import { openSealedPassword } from './password.ts'
import { sameSecret } from './secret.ts'
import type { Vault } from './vault.ts'

/** What the vault seals the secret for. */
export const appTokenPurpose = 'app token'

export interface Verifier {
  store: Store
  vault: Vault
  settings: Settings
  now(): Date
}

/** The actor, or why there is none, in words that the client may see. */
export type Verdict = { actor: Actor } | { refusal: string }

export const disabledText = 'This user has been disabled. Please contact your administrator.'
const invalidPasswordText = 'Invalid Username or Password'

/**
 * Checks a credential against the account that the store found for it, and keeps count of wrong passwords.
 * @throws `throttled` while an account has to wait after wrong passwords, also for the right one
 */
export async function authenticateBasic(
  verifier: Verifier,
  credential: BasicCredential,
  principal: Principal | undefined,
): Promise<Verdict> {
  switch (credential.kind) {
    case 'password':
      return verifyUser(verifier, credential.password, principal)
    case 'robot':
      return verifyRobot(verifier, credential, principal)
    case 'app':
      return verifyAppToken(verifier, credential.secret, principal)
    case 'oauth':
      return verifyAccessToken(verifier, credential, principal)
    case 'accessKey': {
      const { accessKey, login = '' } = credential
      return proveKeyHolder({ ...verifier, now: verifier.now() }, accessKey, { login }, principal)
    }
    case 'none':
      return { refusal: credential.refusal ?? 'Specified credentials are invalid' }
  }
}

async function verifyUser(verifier: Verifier, password: string, principal: Principal | undefined): Promise<Verdict> {
  const { store, settings, now } = verifier
  const found = principal?.account.kind === 'user' ? principal.account : undefined
  const decrypted = await openSealedPassword(verifier.vault, password)
  if (settings.FEATURE_REQUIRE_ENCRYPTED_BASIC_AUTH && decrypted === undefined) {
    return {
      refusal:
        'Client login with unencrypted passwords is disabled. Please generate an encrypted password in the user admin panel for use here.',
    }
  }
  const matches = await checkPassword(store, found, decrypted ?? password, now())
  if (!matches || !found) return { refusal: invalidPasswordText }
  if (!found.enabled) return { refusal: disabledText }
  return { actor: actorOf(found, undefined, settings) }
}

async function verifyRobot(
  verifier: Verifier,
  { username, token }: Extract<BasicCredential, { kind: 'robot' }>,
  principal: Principal | undefined,
): Promise<Verdict> {
  const { vault, settings } = verifier
  if (settings.ROBOTS_DISALLOW && !settings.ROBOTS_WHITELIST.includes(username)) {
    return { refusal: 'Robot accounts have been disabled. Please contact your administrator.' }
  }
  if (!principal) return { refusal: 'Could not find robot with specified username' }
  const { account: robot, owner } = principal
  const expected = await openRobotToken(vault, robot)
  const isRight = expected && (sameSecret(expected, token) || (await isRobotPassword(verifier, robot, token)))
  if (!isRight) {
    return { refusal: `Could not find robot with username: ${username} and supplied password.` }
  }
  if (!owner?.enabled) return { refusal: `Robot ${username} owner ${owner?.username ?? ''} is disabled` }
  if (!robot.enabled) return { refusal: disabledText }
  return { actor: actorOf(robot, undefined, settings) }
}

async function verifyAppToken(
  { vault, settings, now }: Verifier,
  secret: string,
  principal: Principal | undefined,
): Promise<Verdict> {
  const found = principal?.appToken
  const expected =
    settings.FEATURE_APP_SPECIFIC_TOKENS && found && (await vault.open(appTokenPurpose, found.encryptedSecret))
  if (!expected || !sameSecret(expected, secret)) return { refusal: 'Invalid token' }
  if (found.expiresAt && found.expiresAt <= now()) return { refusal: 'Invalid token' }
  if (!principal.account.enabled) return { refusal: disabledText }
  const { id, uuid, title } = found
  return { actor: { ...actorOf(principal.account, undefined, settings), appToken: { id, uuid, title } } }
}

function verifyAccessToken(
  { settings, now }: Verifier,
  credential: Extract<BasicCredential, { kind: 'oauth' }>,
  principal: Principal | undefined,
): Verdict {
  const token = principal?.token
  if (!token || token.secretHash !== credential.secretHash) {
    return { refusal: 'OAuth access token could not be validated' }
  }
  if (token.expiresAt <= now()) return { refusal: 'OAuth access token has expired' }
  if (!principal.account.enabled) return { refusal: 'Granter of the oauth access token is disabled' }
  const actor = proveActor(credential, principal, settings, now())
  return actor ? { actor } : { refusal: 'OAuth access token could not be validated' }
}
