import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { hasFullAccess } from '../../../domain/actor.ts'
import { RegistryError } from '../../../errors.ts'
import { type RepositorySelection, repositoryPage } from '../../../store/repositories.ts'
import { namespaceIdOf } from '../../../store/rights.ts'
import { openToAll } from '../access.ts'
import type { AccountLookup } from '../admission.ts'
import { messageError } from '../errors.ts'
import { pagePosition, pageToken } from '../paging.ts'
import { queryFlag, queryText } from '../validation.ts'
import { dayBefore, RepositoryItem, repositoryItem } from './repositoryView.ts'

const Query = z.object({
  namespace: queryText('Only repositories of this namespace'),
  starred: queryFlag(false, "Only the caller's starred repositories"),
  public: queryFlag(false, 'Also repositories that everybody sees'),
  last_modified: queryFlag(false, 'Say when a tag last changed'),
  popularity: queryFlag(false, 'Say how much happened in the last week'),
  repo_kind: z.string().default('image').openapi({ description: 'The kind of repositories: `image`' }),
  next_page: queryText('Where the list goes on'),
})
const pageLength = 100
const popularityDays = 7
const kinds = ['image', 'application']

const route = createRoute({
  operationId: 'listRepos',
  summary: 'List the repositories that the caller sees',
  method: 'get',
  path: '/repository',
  ...openToAll({ scope: 'repo:read', along: readPage }),
  request: { query: Query },
  responses: {
    200: {
      description: 'A page of repositories',
      content: {
        'application/json': {
          schema: z
            .object({ repositories: z.array(RepositoryItem), next_page: z.string().optional() })
            .openapi('RepositoryList'),
        },
      },
    },
  },
})

export const listRepos = defineOpenAPIRoute({
  route,
  handler: async (c) => {
    const { store, settings, vault } = c.env
    const { actor } = c.var
    const query = c.req.valid('query')
    const now = c.env.now()
    if (query.namespace === undefined && !query.starred && !query.public) {
      throw new RegistryError('invalid', 'namespace, starred or public are required for this API call')
    }
    if (query.starred && !actor) throw messageError(400, 'Only those who are signed in have stars.')
    if (!kinds.includes(query.repo_kind)) throw messageError(400, 'Unknown repository kind')

    let [rows = []] = c.var.along
    if (actor && !query.starred && (actor.isReadOnlySuperuser || hasFullAccess(actor, settings))) {
      const startId = await startOf({ vault, now }, query.next_page)
      const selection = { ...selectionOf(query, startId, now), accountId: actor.account.id, everything: true }
      ;[rows] = await store.batch([repositoryPage(store, selection)])
    }
    if (query.repo_kind !== 'image') rows = []
    const { repo_kind: kind, last_modified: lastModified, popularity } = query
    const options = { kind, lastModified, popularity, isKnown: Boolean(actor), settings }
    const next = rows[pageLength]
    return c.json(
      {
        repositories: rows.slice(0, pageLength).map((row) => repositoryItem(row, options)),
        ...(next && { next_page: await pageToken({ vault, now }, next.id) }),
      },
      200,
    )
  },
})

/** What everybody's list holds is read along with who asks; a superuser's longer list is read afterwards. */
async function readPage({ store, accountId, query, now, vault }: AccountLookup) {
  const asked = Query.parse(Object.fromEntries(Object.keys(Query.shape).map((name) => [name, query(name)])))
  if (asked.namespace === undefined && !asked.starred && !asked.public) return []
  const startId = await startOf({ vault, now }, asked.next_page)
  return [repositoryPage(store, { ...selectionOf(asked, startId, now), accountId })]
}

const startOf = async (pager: Parameters<typeof pagePosition>[0], token: string | undefined) =>
  (await pagePosition(pager, token, z.int())) ?? 0

function selectionOf(
  query: z.output<typeof Query>,
  startId: number,
  now: Date,
): Omit<RepositorySelection, 'accountId'> {
  return {
    namespaceId: query.namespace === undefined ? undefined : namespaceIdOf(query.namespace),
    withPublic: query.public,
    starred: query.starred,
    startId,
    limit: pageLength,
    lastModified: query.last_modified,
    actionsSince: query.popularity ? dayBefore(now, popularityDays) : undefined,
    now,
  }
}
