import type { BlobStore } from './blobs/blobStore.ts'
import type { PullQueue } from './domain/manifest/notePull.ts'
import type { Vault } from './domain/token/vault.ts'
import type { AnswerMemory } from './edge/answers.ts'
import type { BookmarkMemory } from './edge/bookmarks.ts'
import type { EdgeCache } from './edge/edgeCache.ts'
import type { Mailer } from './mail/mailer.ts'
import type { Network } from './outbound/fetchPublic.ts'
import type { Settings } from './settings.ts'
import type { Store } from './store/store.ts'

/** What a request may use. Time and randomness are here too, so that a test owns them. */
export interface Services {
  store: Store
  blobs: BlobStore
  settings: Settings
  /** Changes with the code and with the settings: what one release kept at the edge, another does not use. */
  release: string
  /** Keys derived from SECRET_KEY: seals secrets, signs sessions and registry tokens. */
  vault: Vault
  /** Undefined where no way to send mail is set up. */
  mailer: Mailer | undefined
  /** How requests leave for addresses that users gave; only `outbound/` calls it. */
  network: Network
  now(): Date
  /** What is kept near the reader: see `edge/lookup.ts`. */
  edge: EdgeCache
  answers: AnswerMemory
  /** Where pages of tags ended. */
  bookmarks: BookmarkMemory
  /** When this isolate last wrote to a repository, by path, in epoch milliseconds. */
  written: Map<string, number>
  /** Pulls that have been answered and are yet to be written. */
  pulls: PullQueue
  /** Lets work go on after the answer has left. */
  waitUntil(work: Promise<unknown>): void
}
