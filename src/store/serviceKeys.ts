import { and, asc, eq, getTableColumns, gt, isNotNull, isNull, or } from 'drizzle-orm'
import { prefixed } from './columns.ts'
import { account, serviceKey } from './schema.ts'
import type { Store } from './store.ts'

/** The key with which this installation signs for a service, if there is one that has not run out. */
export const signingKeyRow = (store: Store, service: string, now: Date) =>
  store
    .select()
    .from(serviceKey)
    .where(
      and(
        eq(serviceKey.service, service),
        isNotNull(serviceKey.encryptedPrivateJwk),
        or(isNull(serviceKey.expiresAt), gt(serviceKey.expiresAt, now)),
      ),
    )

const approver = prefixed(getTableColumns(account), 'approving')

const withApprover = (store: Store) =>
  store.select({ key: serviceKey, approver }).from(serviceKey).leftJoin(account, eq(account.id, serviceKey.approverId))

type Row = Awaited<ReturnType<typeof withApprover>>[number]
export type ServiceKey = Row['key']
export interface ServiceKeyRow {
  key: ServiceKey
  approver: Row['approver'] | null
}

/** How long a key that has run out is still listed. */
const listedMilliseconds = 7 * 24 * 60 * 60 * 1000

export const serviceKeys = (store: Store, now: Date) =>
  withApprover(store)
    .where(or(isNull(serviceKey.expiresAt), gt(serviceKey.expiresAt, new Date(now.getTime() - listedMilliseconds))))
    .orderBy(asc(serviceKey.id))

export const serviceKeyNamed = (store: Store, kid: string) => withApprover(store).where(eq(serviceKey.kid, kid))

/** A key as it was read, with its approver if there is one. */
export const serviceKeyRow = ({ key, approver }: Row): ServiceKeyRow => ({
  key,
  approver: approver.id === null ? null : approver,
})

/** The keys of a service that are approved and have not run out: what they sign may be believed. */
export const publishedKeys = (store: Store, service: string, now: Date) =>
  store
    .select({ kid: serviceKey.kid, publicJwk: serviceKey.publicJwk })
    .from(serviceKey)
    .where(
      and(
        eq(serviceKey.service, service),
        isNotNull(serviceKey.approvedAt),
        or(isNull(serviceKey.expiresAt), gt(serviceKey.expiresAt, now)),
      ),
    )
    .orderBy(asc(serviceKey.id))

/** A key of a service, whatever has become of it. */
export const keyOfService = (store: Store, service: string, kid: string) =>
  store
    .select()
    .from(serviceKey)
    .where(and(eq(serviceKey.service, service), eq(serviceKey.kid, kid)))
