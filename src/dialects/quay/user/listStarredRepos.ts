import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { starsPage } from '../../../store/stars.ts'
import { onOwnAccount } from '../access.ts'
import type { AccountLookup } from '../admission.ts'
import { pagePosition, pageToken } from '../paging.ts'
import { queryText } from '../validation.ts'

const pageSize = 100
const Position = z.object({ starredAfter: z.int() })

const route = createRoute({
  operationId: 'listStarredRepos',
  summary: 'The repositories that the user starred',
  method: 'get',
  path: '/user/starred',
  ...onOwnAccount('admin', { along: readPage }),
  request: { query: z.object({ next_page: queryText('Where the list goes on') }) },
  responses: {
    200: {
      description: 'A page of repositories',
      content: {
        'application/json': {
          schema: z
            .object({
              repositories: z.array(
                z.object({
                  namespace: z.string(),
                  name: z.string(),
                  description: z.string().nullable(),
                  is_public: z.boolean(),
                }),
              ),
              next_page: z.string().optional(),
            })
            .openapi('StarredRepositories'),
        },
      },
    },
  },
})

export const listStarredRepos = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const [rows] = c.var.along
    const shown = rows.slice(0, pageSize)
    const views = shown.map(({ namespace, name, description, isPublic }) => ({
      namespace,
      name,
      description,
      is_public: isPublic,
    }))
    if (rows.length === shown.length) return c.json({ repositories: views }, 200)
    const position = { starredAfter: shown.at(-1)?.id }
    const next = await pageToken({ vault: c.env.vault, now: c.env.now() }, position)
    return c.json({ repositories: views, next_page: next }, 200)
  },
})

async function readPage(lookup: AccountLookup) {
  const position = await pagePosition(lookup, lookup.query('next_page'), Position)
  return [starsPage(lookup.store, lookup.accountId, position?.starredAfter ?? 0, pageSize)] as const
}
