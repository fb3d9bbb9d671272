/** The last row of a page of tags, in the version of the repository that the page showed. */
export interface Bookmark {
  /** Repository, generation and what had expired: with another of these a page may begin elsewhere. */
  version: string
  startedAt: Date
  name: string
}

/**
 * Where pages ended, so that a client who goes on by offset is not counted for from the start: bounded, the oldest goes
 * first. Nothing may depend on finding one.
 */
export function bookmarkMemory(entriesMax = 10_000) {
  const bookmarks = new Map<string, Bookmark>()
  return {
    get: (key: string) => bookmarks.get(key),
    put(key: string, bookmark: Bookmark) {
      bookmarks.delete(key)
      bookmarks.set(key, bookmark)
      if (bookmarks.size > entriesMax) bookmarks.delete(bookmarks.keys().next().value as string)
    },
  }
}

export type BookmarkMemory = ReturnType<typeof bookmarkMemory>
