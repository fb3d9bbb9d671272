import type { Settings } from '../../settings.ts'
import type { Principal } from '../../store/principals.ts'
import { type Actor, actorOf, proveActor } from '../actor.ts'
import { openRobotToken } from '../robot/robotToken.ts'
import { codeOf } from './appTokens.ts'
import { hmacHex, type RequestSignature, type SignedRequest, signatureProblem } from './requestSignature.ts'
import { openToken, sealToken } from './sealedToken.ts'
import { sameSecret } from './secret.ts'
import type { Vault } from './vault.ts'

const loginLifetimeMilliseconds = 6 * 3_600_000

/** What shows that the caller knows the secret key: a signature made with it, the key itself, or a login made of it. */
export type KeyProof =
  | { signature: RequestSignature; request: SignedRequest }
  | { secretKey: string }
  | { login: string }

interface Verifier {
  vault: Vault
  settings: Settings
  now: Date
}

/**
 * The actor whose access key it is: the name of a robot, whose token is the secret key, or the uuid of an app-specific
 * token. A user's own identifier is one too, for logins that were made for the user.
 */
export async function proveKeyHolder(
  verifier: Verifier,
  accessKey: string,
  proof: KeyProof,
  principal: Principal | undefined,
): Promise<{ actor: Actor } | { refusal: string }> {
  const { vault, settings, now } = verifier
  if (!principal) return { refusal: 'the access key is not known' }
  if ('login' in proof && proof.login.length > 64) {
    const credential = await openToken(vault, 'login secret', proof.login, now)
    const actor =
      credential.kind === 'registry' && credential.accountUuid === principal.account.uuid
        ? proveActor(credential, principal, settings, now)
        : undefined
    return actor ? { actor } : { refusal: 'the login is not valid, or no longer' }
  }
  const secret = await secretKeyOf(verifier, principal)
  if (!secret) return { refusal: 'the access key is not known' }
  const problem = await problemOf(proof, accessKey, secret, now)
  if (problem) return { refusal: problem }
  if (!principal.account.enabled) return { refusal: 'the account is disabled' }
  const { account, appToken } = principal
  const through = appToken && { appToken: { id: appToken.id, uuid: appToken.uuid, title: appToken.title } }
  return { actor: { ...actorOf(account, undefined, settings), ...through } }
}

async function problemOf(proof: KeyProof, accessKey: string, secret: string, now: Date): Promise<string | undefined> {
  if ('signature' in proof) return signatureProblem(proof.signature, proof.request, secret, now)
  const [given, expected] =
    'secretKey' in proof ? [proof.secretKey, secret] : [proof.login, await hmacHex(secret, accessKey)]
  return sameSecret(given, expected) ? undefined : 'the secret key is not the right one'
}

async function secretKeyOf({ vault, settings, now }: Verifier, { account, owner, appToken }: Principal) {
  if (account.kind === 'robot') {
    const isForbidden = settings.ROBOTS_DISALLOW && !settings.ROBOTS_WHITELIST.includes(account.username)
    if (isForbidden || !owner?.enabled || !account.encryptedToken) return undefined
    return openRobotToken(vault, account)
  }
  if (!appToken || !settings.FEATURE_APP_SPECIFIC_TOKENS) return undefined
  if (appToken.expiresAt && appToken.expiresAt <= now) return undefined
  return codeOf(appToken, vault)
}

/** User and password of a login at the registry that lasts some hours. */
export async function temporaryLogin(vault: Vault, actor: Actor, now: Date) {
  const { account, appToken } = actor
  const expiresAt = new Date(now.getTime() + loginLifetimeMilliseconds)
  const accessKey = account.kind === 'robot' ? account.username : (appToken?.uuid ?? account.swrId)
  return { accessKey, secret: await sealToken(vault, 'login secret', actor, expiresAt), expiresAt }
}
