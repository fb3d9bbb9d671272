import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { RegistryError } from '../../errors.ts'
import { type Actor, secretMark } from '../actor.ts'
import type { Credential } from './credential.ts'
import { type KeyOwner, type SigningKey, signatureAlgorithm, signingKey } from './signingKey.ts'

export const registryActions = ['push', 'pull', '*'] as const
export type RegistryAction = (typeof registryActions)[number]

/** What a token allows on one repository. */
export interface RegistryGrant {
  type: 'repository'
  /** As it was asked for, with a host in front where there was one. */
  name: string
  actions: RegistryAction[]
  /** The repository that was meant; a later one of the same name is another. Missing where there was none. */
  id?: number | undefined
}

export const registryTokenSeconds = 3600
const toleranceSeconds = 30
/** Longer lives than this are not ours. */
const lifetimeSecondsMax = 3660
export const anonymousSubject = '(anonymous)'

/** Signs what the actor was granted. The token names the account and its parent credential: with them it dies. */
export async function issueRegistryToken(
  owner: KeyOwner,
  actor: Actor | undefined,
  audience: string,
  grants: RegistryGrant[],
): Promise<string> {
  const { kid, privateKey } = await signingKey(owner)
  const issuedAt = Math.floor(owner.now().getTime() / 1000)
  const account = actor && {
    uuid: actor.account.uuid,
    ...(actor.token && { token: actor.token.id }),
    ...(actor.appToken && { appToken: actor.appToken.id }),
    ...(actor.account.encryptedToken && { mark: secretMark(actor.account.encryptedToken) }),
  }
  return new SignJWT({ access: grants, context: contextOf(actor, grants), ...(account && { account }) })
    .setProtectedHeader({ alg: signatureAlgorithm, typ: 'JWT', kid })
    .setIssuer(owner.settings.INSTANCE_SERVICE_KEY_SERVICE)
    .setAudience(audience)
    .setSubject(actor?.account.username ?? anonymousSubject)
    .setIssuedAt(issuedAt)
    .setNotBefore(issuedAt)
    .setExpirationTime(issuedAt + registryTokenSeconds)
    .sign(privateKey)
}

/** Whom the token speaks for, in Quay's words. */
function contextOf(actor: Actor | undefined, grants: RegistryGrant[]): Record<string, unknown> {
  const roots = {
    'com.apostille.roots': Object.fromEntries(grants.map(({ name }) => [name, '$disabled'])),
    'com.apostille.root': '$disabled',
  }
  if (!actor) return roots
  const { account, token, appToken } = actor
  const { username, uuid } = account
  if (token) {
    return {
      version: 2,
      entity_kind: 'oauthtoken',
      entity_reference: token.uuid,
      kind: 'oauth',
      user: username,
      oauth: token.uuid,
      ...roots,
    }
  }
  if (appToken) {
    return {
      version: 2,
      entity_kind: 'appspecifictoken',
      entity_reference: appToken.uuid,
      kind: 'user',
      user: username,
      ...roots,
    }
  }
  const isRobot = account.kind === 'robot'
  const kind = { entity_kind: isRobot ? 'robot' : 'user', entity_reference: isRobot ? username : uuid }
  return { version: 2, ...kind, kind: 'user', user: username, ...roots }
}

const Claims = z.object({
  sub: z.string(),
  iat: z.number(),
  exp: z.number(),
  access: z.array(
    z.object({
      type: z.literal('repository'),
      name: z.string(),
      actions: z.array(z.enum(registryActions)),
      id: z.int().optional(),
    }),
  ),
  account: z
    .object({ uuid: z.string(), token: z.int().optional(), appToken: z.int().optional(), mark: z.string().optional() })
    .optional(),
})

/** What a token says, whenever it may be said. */
interface Verified {
  credential: Extract<Credential, { kind: 'registry' }>
  grants: RegistryGrant[]
  issuedAt: Date
  expiresAt: Date
}

/** By key: tokens whose signatures were found right lately. A client sends one with each of its requests. */
const verified = new WeakMap<object, Map<string, Verified>>()
const verifiedMax = 500

/**
 * Checks a token that this registry issued for one of `audiences`. Who it speaks for is not read here: the credential is
 * looked up like any other, so that a token never outlives its parent. @throws `unauthenticated`
 */
export async function verifyRegistryToken(owner: KeyOwner, token: string, audiences: string[]): Promise<Verified> {
  const key = await signingKey(owner)
  const known = verified.get(key) ?? new Map<string, Verified>()
  verified.set(key, known)
  const presented = `${audiences.join(' ')} ${token}`
  const found = known.get(presented)
  if (found) {
    if (!isTimely(found, owner.now())) throw invalidToken()
    return found
  }
  const fresh = await verify(key, owner, token, audiences)
  known.set(presented, fresh)
  if (known.size > verifiedMax) known.delete(known.keys().next().value as string)
  return fresh
}

const isTimely = ({ issuedAt, expiresAt }: Verified, now: Date) =>
  expiresAt.getTime() > now.getTime() - toleranceSeconds * 1000 &&
  issuedAt.getTime() <= now.getTime() + toleranceSeconds * 1000

async function verify(
  { kid, publicKey }: SigningKey,
  owner: KeyOwner,
  token: string,
  audiences: string[],
): Promise<Verified> {
  try {
    if (decodeProtectedHeader(token).kid !== kid) throw invalidToken()
    const { payload } = await jwtVerify(token, publicKey, {
      algorithms: [signatureAlgorithm],
      issuer: owner.settings.INSTANCE_SERVICE_KEY_SERVICE,
      audience: audiences,
      clockTolerance: toleranceSeconds,
      currentDate: owner.now(),
      requiredClaims: ['iat', 'exp', 'sub'],
    })
    const { account, access, iat, exp } = Claims.parse(payload)
    if (exp - iat > lifetimeSecondsMax || iat > owner.now().getTime() / 1000 + toleranceSeconds) throw invalidToken()
    const { uuid: accountUuid, token: tokenId, appToken: appTokenId, mark } = account ?? {}
    return {
      credential: { kind: 'registry', accountUuid, tokenId, appTokenId, mark },
      grants: access,
      issuedAt: new Date(iat * 1000),
      expiresAt: new Date(exp * 1000),
    }
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof z.ZodError || error instanceof TypeError)
      throw invalidToken(error)
    throw error
  }
}

const invalidToken = (cause?: unknown) => new RegistryError('unauthenticated', 'invalid registry token', { cause })
