import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import type { Settings } from '../../settings.ts'
import { serviceKey } from '../../store/schema.ts'
import { signingKeyRow } from '../../store/serviceKeys.ts'
import type { Store } from '../../store/store.ts'
import type { Vault } from './vault.ts'

/** The key that signs registry tokens. */
export interface SigningKey {
  kid: string
  privateKey: CryptoKey
  publicKey: CryptoKey
}

export interface KeyOwner {
  store: Store
  vault: Vault
  settings: Settings
  now(): Date
}

export const signatureAlgorithm = 'RS256'
const purpose = 'service key'
/** How long an isolate believes a key that it has read: a key that an operator took away lives on for no longer. */
const trustSeconds = 300

const known = new WeakMap<Vault, { key: Promise<SigningKey>; readAt: number }>()

/** The installation's signing key, made when it is first needed; kept in the isolate's memory for a while. */
export function signingKey(owner: KeyOwner): Promise<SigningKey> {
  const now = owner.now().getTime()
  const seen = known.get(owner.vault)
  if (seen && now - seen.readAt < trustSeconds * 1000) return seen.key
  const key = readOrMake(owner)
  known.set(owner.vault, { key, readAt: now })
  key.catch(() => known.delete(owner.vault))
  return key
}

async function readOrMake(owner: KeyOwner): Promise<SigningKey> {
  const existing = await read(owner)
  if (existing) return existing
  await make(owner)
  const made = await read(owner)
  if (!made) throw new Error('the signing key cannot be opened: was SECRET_KEY changed?')
  return made
}

async function read({ store, vault, settings, now }: KeyOwner): Promise<SigningKey | undefined> {
  const [[row]] = await store.batch([signingKeyRow(store, settings.INSTANCE_SERVICE_KEY_SERVICE, now())])
  if (!row?.encryptedPrivateJwk) return undefined
  const text = await vault.open(purpose, row.encryptedPrivateJwk)
  if (!text) throw new Error('the signing key cannot be opened: was SECRET_KEY changed?')
  const [privateKey, publicKey] = await Promise.all([
    importJWK(JSON.parse(text) as JWK, signatureAlgorithm),
    importJWK(row.publicJwk as JWK, signatureAlgorithm),
  ])
  return { kid: row.kid, privateKey: privateKey as CryptoKey, publicKey: publicKey as CryptoKey }
}

/** Of two isolates that both make the first key, the unique index lets one in; both then read that one. */
async function make({ store, vault, settings, now }: KeyOwner): Promise<void> {
  const pair = await generateKeyPair(signatureAlgorithm, { extractable: true })
  const [publicJwk, privateJwk] = await Promise.all([exportJWK(pair.publicKey), exportJWK(pair.privateKey)])
  const row = {
    kid: await calculateJwkThumbprint(publicJwk),
    name: 'registry tokens',
    service: settings.INSTANCE_SERVICE_KEY_SERVICE,
    publicJwk: publicJwk as Record<string, string>,
    encryptedPrivateJwk: await vault.seal(purpose, JSON.stringify(privateJwk)),
    metadata: {},
    createdAt: now(),
    approvalType: 'AUTOMATIC',
    approvedAt: now(),
  }
  await store.batch([store.insert(serviceKey).values(row).onConflictDoNothing()])
}
