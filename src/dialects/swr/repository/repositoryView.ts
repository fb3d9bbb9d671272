import { z } from '@hono/zod-openapi'
import type { Settings } from '../../../settings.ts'
import type { RepositoryShown, RepositorySummary } from '../../../store/repositorySummaries.ts'
import { rfc3339 } from '../dates.ts'
import { domainId, registryHosts } from '../hosts.ts'

export const RepositoryView = z
  .object({
    id: z.int(),
    ns_id: z.int(),
    name: z.string(),
    category: z.string(),
    description: z.string(),
    creator_id: z.string(),
    creator_name: z.string(),
    size: z.int(),
    is_public: z.boolean(),
    num_images: z.int(),
    num_download: z.int(),
    url: z.string(),
    path: z.string(),
    internal_path: z.string(),
    created: z.string(),
    updated: z.string(),
    domain_id: z.string(),
    priority: z.int(),
  })
  .openapi('SwrRepository')

export const ListedRepositoryView = z
  .object({
    name: z.string(),
    category: z.string(),
    description: z.string(),
    size: z.int(),
    is_public: z.boolean(),
    num_images: z.int(),
    num_download: z.int(),
    created_at: z.string(),
    updated_at: z.string(),
    logo: z.string(),
    url: z.string(),
    path: z.string(),
    internal_path: z.string(),
    domain_name: z.string(),
    namespace: z.string(),
    tags: z.array(z.string()),
    status: z.boolean(),
    total_range: z
      .int()
      .openapi({ description: 'How many the query finds on all pages: clients end their loops by it' }),
  })
  .openapi('SwrListedRepository')

function paths(settings: Settings, url: string, row: { username: string; name: string }) {
  const { host, internalHost } = registryHosts(settings, url)
  const fullName = `${row.username}/${row.name}`
  return { path: `${host}/${fullName}`, internal_path: `${internalHost}/${fullName}` }
}

const figures = (row: RepositoryShown) => ({
  category: row.swrCategory,
  description: row.description ?? '',
  size: row.sizeBytes,
  is_public: row.isPublic,
  num_images: row.tagCount - row.expiredCount,
  num_download: row.pullCount,
})

export function repositoryView(row: RepositoryShown, settings: Settings, url: string): z.infer<typeof RepositoryView> {
  const { category, description, ...counts } = figures(row)
  return {
    id: row.id,
    ns_id: row.namespaceId,
    name: row.name,
    category,
    description,
    creator_id: row.creatorId ?? '',
    creator_name: row.creatorName ?? '',
    ...counts,
    url: '',
    ...paths(settings, url, row),
    created: rfc3339(row.createdAt),
    updated: rfc3339(row.updatedAt),
    domain_id: domainId(settings),
    priority: 0,
  }
}

/** A repository in a list. `status`: of a shared one, whether the share is still valid. */
export function listedRepositoryView(
  row: RepositorySummary,
  { settings, url, total, status = false }: { settings: Settings; url: string; total: number; status?: boolean },
): z.infer<typeof ListedRepositoryView> {
  return {
    name: row.name,
    ...figures(row),
    created_at: rfc3339(row.createdAt),
    updated_at: rfc3339(row.updatedAt),
    logo: '',
    url: '',
    ...paths(settings, url, row),
    domain_name: settings.SWR_DOMAIN_NAME,
    namespace: row.username,
    tags: row.tagNames,
    status,
    total_range: total,
  }
}
