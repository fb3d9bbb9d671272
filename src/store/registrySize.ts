import { sql } from 'drizzle-orm'
import { blob } from './schema.ts'
import type { Store } from './store.ts'

/** What all blobs together take. */
export const sizeOfBlobs = (store: Store) =>
  store.select({ sizeBytes: sql<number>`coalesce(sum(${blob.sizeBytes}), 0)`.as('size_bytes') }).from(blob)
