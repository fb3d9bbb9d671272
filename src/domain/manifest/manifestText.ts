import type { BlobStore } from '../../blobs/blobStore.ts'

interface Kept {
  content: string | null
  contentKey: string | null
}

/** Reads at a time: a Worker may hold six connections open. */
const readsAtOnce = 6

/** The exact bytes of manifests as text, in the same order. Those too long for a row are read from the blob store, each once. */
export async function manifestTexts(blobs: BlobStore, manifests: readonly Kept[]): Promise<string[]> {
  const long = [
    ...new Set(manifests.flatMap(({ content, contentKey }) => (content === null ? [contentKey ?? ''] : []))),
  ]
  const read = new Map<string, string>()
  const reader = async () => {
    for (let key = long.pop(); key !== undefined; key = long.pop()) {
      const bytes = await blobs.get(key)
      if (!bytes) throw new Error(`no bytes of a manifest under ${key}`)
      read.set(key, await new Response(bytes).text())
    }
  }
  await Promise.all(Array.from({ length: Math.min(readsAtOnce, long.length) }, reader))
  return manifests.map(({ content, contentKey }) => content ?? read.get(contentKey ?? '') ?? '')
}
