import { and, eq, gt, isNotNull, isNull, or } from 'drizzle-orm'
import { serviceKey } from './schema.ts'
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
