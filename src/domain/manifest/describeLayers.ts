import { z } from 'zod'
import type { ParsedManifest } from './parseManifest.ts'

/** A layer as its image tells of it: what made it, when, and by whom. */
export interface DescribedLayer {
  digest: string
  sizeBytes: number
  urls: string[] | null
  command: string[] | null
  comment: string | null
  author: string | null
  createdAt: Date | null
}

const said = z.string().nullish().catch(null)
const Entry = z
  .object({
    created: said,
    created_by: said,
    comment: said,
    author: said,
    empty_layer: z.boolean().nullish().catch(null),
  })
  .catch({})
const Config = z.object({ history: z.array(Entry).nullish().catch(null), created: said, author: said })

/** What Quay shows in place of a step that changed no file. */
const emptyLayer = {
  digest: 'sha256:a3ed95caeb02ffe68cdd9fd84406680ae93d633cb16422d00e8a7c22955b46d4',
  sizeBytes: 32,
  urls: null,
}

/**
 * The layers of an image, base first, with what its config's history says of each, steps without a layer included. Without
 * a history that fits, the layers alone.
 * @param config the config's text; undefined for what is no image
 */
export function describeLayers(
  { layers }: Pick<ParsedManifest, 'layers'>,
  config: string | undefined,
): DescribedLayer[] {
  const image = config === undefined ? undefined : Config.safeParse(parse(config)).data
  const history = image?.history ?? []
  const filled = history.filter(({ empty_layer: isEmpty }) => !isEmpty).length
  if (history.length === 0 || filled !== layers.length) {
    return layers.map((layer, i) => ({
      ...blobOf(layer),
      ...nothingSaid,
      ...(i === layers.length - 1 && { createdAt: dateOf(image?.created), author: image?.author ?? null }),
    }))
  }
  const remaining = [...layers]
  return history.map((entry) => {
    const layer = entry.empty_layer ? undefined : remaining.shift()
    return {
      ...(layer ? blobOf(layer) : emptyLayer),
      command: commandOf(entry.created_by),
      comment: entry.comment ?? null,
      author: entry.author ?? null,
      createdAt: dateOf(entry.created),
    }
  })
}

const nothingSaid = { command: null, comment: null, author: null, createdAt: null }

const blobOf = ({ digest, size, urls }: ParsedManifest['layers'][number]) => ({
  digest,
  sizeBytes: size,
  urls: urls?.length ? urls : null,
})

/** A command that is written as a JSON list is one; any other text is the only element of one. */
function commandOf(text: string | null | undefined): string[] | null {
  if (!text) return null
  const list = z.array(z.string()).safeParse(parse(text))
  return list.success ? list.data : [text]
}

function dateOf(text: string | null | undefined): Date | null {
  const date = new Date(text ?? '')
  return Number.isNaN(date.getTime()) ? null : date
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
