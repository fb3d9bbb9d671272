/** Small texts near the reader, for a while. Nothing may depend on finding one. */
export interface EdgeCache {
  get(key: string): Promise<string | undefined>
  put(key: string, text: string, ttlSeconds: number): Promise<void>
  delete(key: string): Promise<void>
}

/** The Cache API of a Worker: one cache per data centre, shared by its isolates. */
export const workersCache = (cache: Cache): EdgeCache => ({
  get: async (key) => (await cache.match(urlOf(key)))?.text(),
  put: (key, text, ttlSeconds) =>
    cache.put(urlOf(key), new Response(text, { headers: { 'cache-control': `max-age=${ttlSeconds}` } })),
  async delete(key) {
    await cache.delete(urlOf(key))
  },
})

/** The host can't be asked for over the network: nothing but this code reaches these entries. */
const urlOf = (key: string) => `https://edge.quayside.invalid/${encodeURIComponent(key)}`

/** The same within one process, by its own clock. */
export function memoryCache(now: () => Date, entriesMax = 10_000): EdgeCache {
  const entries = new Map<string, { text: string; expiresAt: number }>()
  return {
    async get(key) {
      const entry = entries.get(key)
      return entry && entry.expiresAt > now().getTime() ? entry.text : undefined
    },
    async put(key, text, ttlSeconds) {
      entries.delete(key)
      entries.set(key, { text, expiresAt: now().getTime() + ttlSeconds * 1000 })
      if (entries.size > entriesMax) entries.delete(entries.keys().next().value as string)
    },
    async delete(key) {
      entries.delete(key)
    },
  }
}
