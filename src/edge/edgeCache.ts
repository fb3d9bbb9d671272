/** Small texts near the reader, for a while. Nothing may depend on finding one. */
export interface EdgeCache {
  get(key: string): Promise<string | undefined>
  put(key: string, text: string, ttlSeconds: number): Promise<void>
  delete(key: string): Promise<void>
}

/** The Cache API of a Worker: one cache per data centre, shared by its isolates. */
export const workersCache = (cache: Cache): EdgeCache => ({
  async get(key) {
    const found = await cache.match(urlOf(key))
    return found?.headers.get(textHeader) ?? found?.text()
  },
  put(key, text, ttlSeconds) {
    const headers = { 'cache-control': `max-age=${ttlSeconds}` }
    return cache.put(
      urlOf(key),
      fitsHeader(text)
        ? new Response(null, { headers: { ...headers, [textHeader]: text } })
        : new Response(text, { headers }),
    )
  },
  async delete(key) {
    await cache.delete(urlOf(key))
  },
})

/** A short text travels as a header: to read a body takes a Worker as long as to find the entry. */
const textHeader = 'x-text'
const headerBytesMax = 8192
const fitsHeader = (text: string) =>
  text.length <= headerBytesMax && /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(text)

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
