import { z } from '@hono/zod-openapi'
import type { Settings } from '../../../settings.ts'
import type { TagHistoryRow } from '../../../store/tags.ts'
import { epochSeconds, rfc2822 } from '../dates.ts'

export const TagView = z
  .object({
    name: z.string(),
    reversion: z.boolean(),
    immutable: z.boolean().optional(),
    start_ts: z.int(),
    end_ts: z.int().optional(),
    manifest_digest: z.string(),
    is_manifest_list: z.boolean(),
    size: z.int().nullable(),
    last_modified: z.string(),
    expiration: z.string().optional(),
    is_sparse: z.boolean().optional(),
    child_manifest_count: z.int().optional(),
    present_child_count: z.int().optional(),
    child_manifests_presence: z.record(z.string(), z.boolean()).optional(),
  })
  .openapi('Tag')

/** One meaning that a name has or had, in Quay's words. */
export function tagView(row: TagHistoryRow, settings: Settings): z.infer<typeof TagView> {
  const end = row.endedAt ?? row.expiresAt
  return {
    name: row.name,
    reversion: row.cause === 'restore',
    ...(settings.FEATURE_IMMUTABLE_TAGS && { immutable: row.immutable }),
    start_ts: epochSeconds(row.startedAt),
    ...(end && { end_ts: epochSeconds(end) }),
    manifest_digest: row.digest,
    is_manifest_list: row.isIndex,
    size: row.isIndex ? null : row.layersSizeBytes,
    last_modified: rfc2822(row.startedAt),
    ...(end && { expiration: rfc2822(end) }),
    ...(row.isIndex && presence(row.children ?? [])),
  }
}

function presence(children: { digest: string; present: boolean }[]) {
  const present = children.filter((child) => child.present).length
  return {
    is_sparse: present < children.length,
    child_manifest_count: children.length,
    present_child_count: present,
    child_manifests_presence: Object.fromEntries(children.map((child) => [child.digest, child.present])),
  }
}
