import { and, desc, eq, inArray, lt, lte, sql } from 'drizzle-orm'
import { allPrefixed } from './columns.ts'
import { account, emailCode, outgoingMail } from './schema.ts'
import type { Store } from './store.ts'

export type EmailCode = typeof emailCode.$inferSelect
export type CodePurpose = EmailCode['purpose']

/** A code by its first half, with whose it is. */
export const emailCodeNamed = (store: Store, lookup: string) =>
  store
    .select({ code: allPrefixed(emailCode, 'code'), account })
    .from(emailCode)
    .innerJoin(account, eq(account.id, emailCode.accountId))
    .where(eq(emailCode.lookup, lookup))

/** The last code that was sent to an address for a purpose. */
export const lastCodeTo = (store: Store, email: string, purpose: CodePurpose) =>
  store
    .select({ createdAt: emailCode.createdAt })
    .from(emailCode)
    .where(and(eq(emailCode.email, email), eq(emailCode.purpose, purpose)))
    .orderBy(desc(emailCode.id))
    .limit(1)

export const dropEmailCodes = (store: Store, accountId: number, purpose: CodePurpose) =>
  store.delete(emailCode).where(and(eq(emailCode.accountId, accountId), eq(emailCode.purpose, purpose)))

/** Codes that nobody came back with. */
export const dropEmailCodesBefore = (store: Store, instant: Date) =>
  store.delete(emailCode).where(lt(emailCode.createdAt, instant))

/** Takes mail that is due: until `dueAgainAt` no other process sends it. */
export const takeDueMail = (store: Store, now: Date, dueAgainAt: Date, limit: number) =>
  store
    .update(outgoingMail)
    .set({ attempts: sql`${outgoingMail.attempts} + 1`, dueAt: dueAgainAt })
    .where(
      inArray(
        outgoingMail.id,
        store.select({ id: outgoingMail.id }).from(outgoingMail).where(lte(outgoingMail.dueAt, now)).limit(limit),
      ),
    )
    .returning()

export const dropMail = (store: Store, id: number) => store.delete(outgoingMail).where(eq(outgoingMail.id, id))

/** Says when mail that was not taken is tried again. */
export const postponeMail = (store: Store, id: number, dueAt: Date) =>
  store.update(outgoingMail).set({ dueAt }).where(eq(outgoingMail.id, id))
