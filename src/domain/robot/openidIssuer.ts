import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import { z } from 'zod'
import { fetchPublicJson, type Network, type Outbound } from '../../outbound/fetchPublic.ts'

const Configuration = z.object({ issuer: z.string(), jwks_uri: z.string() })
const KeySet = z.object({ keys: z.array(z.record(z.string(), z.unknown())) })

/** Signatures that only who has the private key can make. */
const algorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
]
const toleranceSeconds = 30

interface Kept {
  keys: Promise<JSONWebKeySet>
  readAt: number
}

/** An issuer's keys are believed for so long; whoever rotates its keys is asked again sooner. */
const keptMilliseconds = 300_000
const askedAgainMilliseconds = 30_000
const issuersMax = 100
const memory = new WeakMap<Network, Map<string, Kept>>()

/**
 * The claims of a token that an OpenID issuer signed. @throws JOSEError for one that is not valid, or no longer; an
 * OutboundError, a ZodError or a network's error where the issuer cannot be asked
 */
export async function verifyIdToken(outbound: Outbound, issuer: string, token: string, now: Date): Promise<JWTPayload> {
  const options = {
    algorithms,
    issuer,
    clockTolerance: toleranceSeconds,
    currentDate: now,
    requiredClaims: ['exp', 'sub'],
  }
  const check = async (freshly: boolean) => {
    const keys = await keysOf(outbound, issuer, now, freshly ? askedAgainMilliseconds : keptMilliseconds)
    return (await jwtVerify(token, createLocalJWKSet(keys), options)).payload
  }
  try {
    return await check(false)
  } catch (error) {
    if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
    return check(true)
  }
}

function keysOf(outbound: Outbound, issuer: string, now: Date, ageMax: number): Promise<JSONWebKeySet> {
  const kept = memory.get(outbound.network) ?? new Map<string, Kept>()
  memory.set(outbound.network, kept)
  const seen = kept.get(issuer)
  if (seen && now.getTime() - seen.readAt < ageMax) return seen.keys
  if (kept.size >= issuersMax) kept.clear()
  const keys = readKeys(outbound, issuer)
  // One that does not answer is not asked at every try either.
  const readAt = now.getTime()
  kept.set(issuer, { keys, readAt })
  keys.catch(() => kept.set(issuer, { keys, readAt: readAt - keptMilliseconds + askedAgainMilliseconds }))
  return keys
}

async function readKeys(outbound: Outbound, issuer: string): Promise<JSONWebKeySet> {
  const base = issuer.replace(/\/+$/, '')
  const found = await fetchPublicJson(outbound, `${base}/.well-known/openid-configuration`)
  const { issuer: named, jwks_uri: address } = Configuration.parse(found)
  if (named.replace(/\/+$/, '') !== base) throw new errors.JWTInvalid('the issuer calls itself by another name')
  return KeySet.parse(await fetchPublicJson(outbound, address)) as JSONWebKeySet
}
