import { z } from '@hono/zod-openapi'
import type { Settings } from '../../../settings.ts'
import type { Namespace, Repository } from '../../../store/rights.ts'
import type { WindowedTag } from '../../../store/tagWindow.ts'
import { rfc3339 } from '../dates.ts'
import { domainId, registryHosts } from '../hosts.ts'

const common = {
  image_id: z.string(),
  manifest: z.string(),
  digest: z.string(),
  schema: z.int(),
  path: z.string(),
  internal_path: z.string(),
  size: z.int(),
  is_trusted: z.boolean(),
  created: z.string(),
  updated: z.string(),
}
const owned = { domain_id: z.string(), tag_type: z.int() }

export const ListedTagView = z
  .object({
    id: z.int(),
    repo_id: z.int(),
    Tag: z.string().openapi({ description: 'With a capital T in the list, and only there' }),
    ...common,
    deleted: z.string().nullable(),
    ...owned,
  })
  .openapi('SwrListedTag')

export const ShownTagView = z
  .object({ id: z.int(), repo_id: z.int(), tag: z.string(), ...common, ...owned })
  .openapi('SwrTag')

/** Where the tag is, and the exact bytes of what it means. */
interface TagPlace {
  repositoryId: number
  /** `host/namespace/repository`, as seen from outside and from inside. */
  path: string
  internalPath: string
  domainId: string
  manifest: string
}

/** The place of a repository's tags, as a request at this URL sees it. */
export function tagPlace(settings: Settings, url: string, namespace: Namespace, { id, name }: Repository) {
  const { host, internalHost } = registryHosts(settings, url)
  const fullName = `${namespace.username}/${name}`
  return {
    repositoryId: id,
    path: `${host}/${fullName}`,
    internalPath: `${internalHost}/${fullName}`,
    domainId: domainId(settings),
  }
}

/** A tag as the list shows it: these sixteen members, in this order. */
export function listedTagView(row: WindowedTag, place: TagPlace): z.infer<typeof ListedTagView> {
  return {
    id: row.id,
    repo_id: place.repositoryId,
    Tag: row.name,
    image_id: row.configDigest?.replace(/^[^:]*:/, '') ?? '',
    manifest: place.manifest,
    digest: row.digest,
    schema: row.schemaVersion,
    path: `${place.path}:${row.name}`,
    internal_path: `${place.internalPath}:${row.name}`,
    size: row.contentSizeBytes,
    is_trusted: false,
    created: rfc3339(row.createdAt),
    updated: rfc3339(row.startedAt),
    deleted: null,
    domain_id: place.domainId,
    tag_type: row.isIndex ? 1 : 0,
  }
}

/** A tag by itself: its name has a small letter, and it says nothing of a deletion. */
export function shownTagView(row: WindowedTag, place: TagPlace): z.infer<typeof ShownTagView> {
  const { id, repo_id, Tag: tag, deleted: _, ...rest } = listedTagView(row, place)
  return { id, repo_id, tag, ...rest }
}
