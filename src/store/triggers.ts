import { and, asc, eq, sql } from 'drizzle-orm'
import type { RowId } from './columns.ts'
import { imageTrigger } from './schema.ts'
import type { Store } from './store.ts'

export const triggersOf = (store: Store, repositoryId: RowId) =>
  store
    .select()
    .from(imageTrigger)
    .where(eq(imageTrigger.repositoryId, sql`${repositoryId}`))
    .orderBy(asc(imageTrigger.id))

export type TriggerRow = Awaited<ReturnType<typeof triggersOf>>[number]

export const triggerNamed = (store: Store, repositoryId: RowId, name: string) =>
  store
    .select()
    .from(imageTrigger)
    .where(and(eq(imageTrigger.repositoryId, sql`${repositoryId}`), eq(imageTrigger.name, name)))
