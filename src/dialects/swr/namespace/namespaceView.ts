import { z } from '@hono/zod-openapi'
import type { NamespaceSeen } from '../../../store/namespaceSummaries.ts'
import { levelOf } from '../level.ts'

export const NamespaceView = z
  .object({ id: z.int(), name: z.string(), creator_name: z.string(), auth: z.int() })
  .openapi('SwrNamespace')
export const ListedNamespaceView = NamespaceView.extend({
  access_user_count: z.int(),
  repo_count: z.int(),
}).openapi('SwrListedNamespace')

export function namespaceView(
  { id, username, creatorName, rank }: NamespaceSeen,
  heldRank = rank,
): z.infer<typeof NamespaceView> {
  return { id, name: username, creator_name: creatorName, auth: levelOf(heldRank) }
}

export const listedNamespaceView = (row: NamespaceSeen): z.infer<typeof ListedNamespaceView> => ({
  ...namespaceView(row),
  access_user_count: row.accessUserCount,
  repo_count: row.repositoryCount,
})
