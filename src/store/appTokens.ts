import { and, asc, eq, gt, lte, type SQL } from 'drizzle-orm'
import type { RowId } from './columns.ts'
import { appToken } from './schema.ts'
import type { Store } from './store.ts'

export type AppToken = typeof appToken.$inferSelect

/** The app-specific tokens of an account, or of all accounts; with `expiringBy` only those that end between now and then. */
export const appTokensOf = (
  store: Store,
  accountId: SQL<number | null> | 'everybody',
  now: Date,
  expiringBy: Date | undefined,
) =>
  store
    .select()
    .from(appToken)
    .where(
      and(
        accountId === 'everybody' ? undefined : eq(appToken.accountId, accountId),
        expiringBy && and(gt(appToken.expiresAt, now), lte(appToken.expiresAt, expiringBy)),
      ),
    )
    .orderBy(asc(appToken.id))

export const appTokenNamed = (store: Store, accountId: SQL<number | null>, uuid: string) =>
  store
    .select()
    .from(appToken)
    .where(and(eq(appToken.accountId, accountId), eq(appToken.uuid, uuid)))

/** Whether it can still be used. */
export const isUnexpired = (token: AppToken, now: Date) => token.expiresAt === null || token.expiresAt > now

export const deleteAppToken = (store: Store, id: RowId) => store.delete(appToken).where(eq(appToken.id, id))

/** Tokens that ended at that instant or before it. */
export const dropAppTokensBefore = (store: Store, instant: Date) =>
  store.delete(appToken).where(lte(appToken.expiresAt, instant))
