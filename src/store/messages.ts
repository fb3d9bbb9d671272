import { asc, eq } from 'drizzle-orm'
import { globalMessage } from './schema.ts'
import type { Store } from './store.ts'

export type NewMessage = Omit<typeof globalMessage.$inferInsert, 'id' | 'uuid'>

/** All messages to everybody, oldest first. */
export const messages = (store: Store) => store.select().from(globalMessage).orderBy(asc(globalMessage.id))

export const addMessage = (store: Store, message: NewMessage) =>
  store.insert(globalMessage).values({ ...message, uuid: crypto.randomUUID() })

export const dropMessage = (store: Store, uuid: string) =>
  store.delete(globalMessage).where(eq(globalMessage.uuid, uuid))
