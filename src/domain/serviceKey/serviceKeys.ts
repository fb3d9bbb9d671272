import { eq, sql } from 'drizzle-orm'
import { calculateJwkThumbprint, exportJWK, exportSPKI, generateKeyPair } from 'jose'
import { RegistryError } from '../../errors.ts'
import { serviceKey } from '../../store/schema.ts'
import type { ServiceKey } from '../../store/serviceKeys.ts'
import { commit, guard, type Statement, type Store } from '../../store/store.ts'
import type { Actor } from '../actor.ts'
import { type Origin, recordEvent } from '../event/recordEvent.ts'

interface BySuperuser extends Origin {
  actor: Actor
}

export interface NewServiceKey extends BySuperuser {
  service: string
  name: string
  expiresAt: Date | null
  metadata: Record<string, unknown>
  notes: string
}

/** The key, and both its halves as PEM: the private one is shown this once and kept nowhere. */
export interface CreatedServiceKey {
  kid: string
  publicKey: string
  privateKey: string
}

const serviceName = /^[a-z0-9_]+$/
const friendlyName = /^[\s a-zA-Z0-9\-_:/]*$/

/** Makes an RSA key for another service, approved by who makes it. @throws `invalid`, `rule` with Quay's words */
export async function createServiceKey(store: Store, wanted: NewServiceKey): Promise<CreatedServiceKey> {
  const { actor, service, name, expiresAt, metadata, notes, now, ip } = wanted
  if (!friendlyName.test(name)) throw new RegistryError('invalid', `Invalid service key friendly name: ${name}`)
  if (expiresAt && expiresAt <= now) throw new RegistryError('invalid', 'Expiration date cannot be in the past')
  // Quay says nothing at all about it, and its clients know that.
  if (!serviceName.test(service)) throw new RegistryError('rule', '')

  const pair = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true })
  const { kty, n, e } = await exportJWK(pair.publicKey)
  const jwk = { kty: kty as string, n: n as string, e: e as string }
  const kid = await calculateJwkThumbprint(jwk)
  const about = { kid, preshared: true, service, name, expiration_date: epoch(expiresAt), auto_approved: true }
  await commit(store, [
    store.insert(serviceKey).values({
      kid,
      name,
      service,
      publicJwk: { ...jwk, kid },
      metadata: { ...metadata, created_by: 'Superuser API', creator: actor.account.username, ip: ip ?? null },
      createdAt: now,
      expiresAt,
      approverId: actor.account.id,
      approvalType: 'SUPERUSER',
      approvedAt: now,
      approvalNotes: notes,
    }),
    recordEvent(store, wanted, { kind: 'service_key_create', namespaceId: null, metadata: about }),
    recordEvent(store, wanted, { kind: 'service_key_approve', namespaceId: null, metadata: about }),
  ])
  return { kid, publicKey: await exportSPKI(pair.publicKey), privateKey: await exportPkcs1(pair.privateKey) }
}

export interface ServiceKeyChange extends BySuperuser {
  key: ServiceKey
  name: string | undefined
  /** Added to what is there. */
  metadata: Record<string, unknown> | undefined
  /** Null takes the end away; what is undefined stays as it is. */
  expiresAt: Date | null | undefined
}

/** Changes what is said of a key, or when it ends. @throws `invalid` with Quay's words */
export async function updateServiceKey(store: Store, change: ServiceKeyChange): Promise<ServiceKey> {
  const { key, name = key.name, metadata, expiresAt, now } = change
  if (!friendlyName.test(name)) throw new RegistryError('invalid', `Invalid service key friendly name: ${name}`)
  if (expiresAt && expiresAt <= now) throw new RegistryError('invalid', 'Cannot have an expiration date in the past')
  const set = {
    name,
    metadata: { ...key.metadata, ...metadata },
    ...(expiresAt !== undefined && { expiresAt }),
  }
  const updated = { ...key, ...set }
  const events: Statement[] = []
  if (expiresAt !== undefined) {
    const was = { old_expiration_date: epoch(key.expiresAt) }
    events.push(line(store, change, 'service_key_extend', updated, was))
  }
  if (change.name !== undefined || metadata !== undefined) {
    events.push(line(store, change, 'service_key_modify', updated))
  }
  if (events.length === 0) return key
  await commit(store, [store.update(serviceKey).set(set).where(eq(serviceKey.id, key.id)), ...events])
  return updated
}

/** Takes a key away: what it signed is worth nothing from now on. */
export async function deleteServiceKey(store: Store, { key, ...origin }: BySuperuser & { key: ServiceKey }) {
  await commit(store, [
    store.delete(serviceKey).where(eq(serviceKey.id, key.id)),
    line(store, origin, 'service_key_delete', key, { created_date: epoch(key.createdAt) }),
  ])
}

export interface Approval extends BySuperuser {
  key: ServiceKey
  notes: string
}

/** Lets a key that somebody registered be used; one that was approved stays as it is. */
export async function approveServiceKey(store: Store, { key, notes, ...origin }: Approval): Promise<void> {
  if (key.approvedAt) return
  const { actor, now } = origin
  const approval = { approverId: actor.account.id, approvalType: 'SUPERUSER', approvedAt: now, approvalNotes: notes }
  await commit(store, [
    guard(store, sql`exists (select 1 from service_key where id = ${key.id} and approved_at is null)`),
    store.update(serviceKey).set(approval).where(eq(serviceKey.id, key.id)),
    line(store, origin, 'service_key_approve', key),
  ])
}

const line = (
  store: Store,
  origin: Origin,
  kind: string,
  { kid, service, name, expiresAt }: ServiceKey,
  more: Record<string, unknown> = {},
) =>
  recordEvent(store, origin, {
    kind,
    namespaceId: null,
    metadata: { kid, service, name, expiration_date: epoch(expiresAt), ...more },
  })

const epoch = (at: Date | null) => at && Math.floor(at.getTime() / 1000)

/** The bytes that stand before a 2048-bit key's own in PKCS#8: a version, `rsaEncryption`, and a length. */
const pkcs8HeaderBytes = 26

/** A private key in the older form that Quay gives. */
async function exportPkcs1(key: CryptoKey): Promise<string> {
  const der = new Uint8Array((await crypto.subtle.exportKey('pkcs8', key)) as ArrayBuffer).slice(pkcs8HeaderBytes)
  const text = btoa(String.fromCharCode(...der)).replace(/.{64}/g, '$&\n')
  return `-----BEGIN RSA PRIVATE KEY-----\n${text.trimEnd()}\n-----END RSA PRIVATE KEY-----\n`
}
