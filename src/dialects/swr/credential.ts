import type { Context } from 'hono'
import { type Actor, proveActor } from '../../domain/actor.ts'
import { proveKeyHolder } from '../../domain/token/accessKey.ts'
import { type Credential, decodeBasic, parseOauthToken } from '../../domain/token/credential.ts'
import { parseSignature, type RequestSignature } from '../../domain/token/requestSignature.ts'
import { openToken } from '../../domain/token/sealedToken.ts'
import { RegistryError } from '../../errors.ts'
import type { Principal } from '../../store/principals.ts'
import type { SwrEnv } from './env.ts'

/** What the caller shows, before the store is asked. */
export interface Presented {
  credential: Credential
  signature?: RequestSignature
  /** Of an access key that came with its secret, as only the old paths take it. */
  secretKey?: string
}

/** A token in `X-Auth-Token`, or else a signature. @throws `unauthenticated` */
export async function presentedBy(c: Context<SwrEnv>): Promise<Presented> {
  const token = c.req.header('x-auth-token')?.trim()
  if (token) {
    const oauth = await parseOauthToken(token)
    return {
      credential: oauth.kind === 'oauth' ? oauth : await openToken(c.env.vault, 'iam token', token, c.env.now()),
    }
  }
  const authorization = c.req.header('authorization')
  const signature = authorization && parseSignature(authorization)
  if (signature) return { credential: accessKeyOf(signature.accessKey), signature }
  const pair = authorization && c.req.path.startsWith('/dockyard/') ? decodeBasic(authorization) : undefined
  if (pair) {
    return { credential: accessKeyOf(pair.username), secretKey: pair.password }
  }
  throw unauthenticated('X-Auth-Token and Authorization are missing')
}

/** Who it is. @throws `unauthenticated` */
export async function actorBehind(
  c: Context<SwrEnv>,
  { credential, signature, secretKey }: Presented,
  principal: Principal | undefined,
): Promise<Actor> {
  const { vault, settings } = c.env
  const now = c.env.now()
  if (credential.kind !== 'accessKey') {
    const actor = proveActor(credential, principal, settings, now)
    if (!actor) throw unauthenticated('the token is not valid')
    return actor
  }
  const proof = signature
    ? await signedRequest(c).then((request) => ({ signature, request }))
    : { secretKey: secretKey ?? '' }
  const verdict = await proveKeyHolder({ vault, settings, now }, credential.accessKey, proof, principal)
  if ('refusal' in verdict) throw unauthenticated(verdict.refusal)
  return verdict.actor
}

async function signedRequest(c: Context<SwrEnv>) {
  const body = new Uint8Array(await c.req.arrayBuffer())
  return { method: c.req.method, url: new URL(c.req.url), headers: c.req.raw.headers, body }
}

const accessKeyOf = (accessKey: string): Credential => ({ kind: 'accessKey', accessKey, login: undefined })

const unauthenticated = (why: string) =>
  new RegistryError('unauthenticated', `Incorrect IAM authentication information: ${why}`)
