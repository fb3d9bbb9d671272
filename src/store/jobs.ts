import { and, eq, lte } from 'drizzle-orm'
import { job } from './schema.ts'
import type { Store } from './store.ts'

/** Takes a kind of work for a while. Yields its cursor, or undefined where somebody else holds it. */
export async function lease(store: Store, name: string, now: Date, until: Date): Promise<string | undefined> {
  const [, rows] = await store.batch([
    store
      .insert(job)
      .values({ name, leasedUntil: new Date(0) })
      .onConflictDoNothing(),
    store
      .update(job)
      .set({ leasedUntil: until })
      .where(and(eq(job.name, name), lte(job.leasedUntil, now)))
      .returning({ cursor: job.cursor }),
  ])
  return rows[0]?.cursor
}

/** Gives the work back, with how far it has come. */
export const release = (store: Store, name: string, cursor: string) =>
  store
    .update(job)
    .set({ leasedUntil: new Date(0), cursor })
    .where(eq(job.name, name))

/** How far a kind of work has come, and until when somebody holds it. */
export const jobNamed = (store: Store, name: string) => store.select().from(job).where(eq(job.name, name))
