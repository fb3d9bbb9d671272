import type { BlobStore } from './blobs/blobStore.ts'
import type { Vault } from './domain/token/vault.ts'
import type { Settings } from './settings.ts'
import type { Store } from './store/store.ts'

/** What a request may use. Time and randomness are here too, so that a test owns them. */
export interface Services {
  store: Store
  blobs: BlobStore
  settings: Settings
  /** Keys derived from SECRET_KEY: seals secrets, signs sessions and registry tokens. */
  vault: Vault
  now(): Date
  /** Lets work go on after the answer has left. */
  waitUntil(work: Promise<unknown>): void
}
