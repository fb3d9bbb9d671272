import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { actionsSince, newestTags, starOf } from '../../../store/repositories.ts'
import { type Lookup, onRepository } from '../access.ts'
import { queryFlag, readFlag } from '../validation.ts'
import { dayBefore, RepositoryView, repositoryView } from './repositoryView.ts'

const Query = z.object({
  includeStats: queryFlag(false, 'Also say how much happened on each of the last days'),
  includeTags: queryFlag(true, 'Also list the newest tags, up to 500'),
})
const tagsMax = 500
const statsDays = 92

const route = createRoute({
  operationId: 'getRepo',
  summary: 'Look at a repository',
  method: 'get',
  path: '/repository/{repository}',
  ...onRepository('read', {
    along: readDetails,
    cached: { by: ['includeTags'], isPersonal: true, unless: 'includeStats' },
  }),
  request: { params: z.object({ repository: z.string() }), query: Query },
  responses: {
    200: { description: 'The repository', content: { 'application/json': { schema: RepositoryView } } },
  },
})

export const getRepo = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const { includeStats, includeTags } = c.req.valid('query')
    const [stars, tags, actions] = c.var.along
    const details = {
      isStarred: stars.length > 0,
      tags: includeTags ? tags : undefined,
      actions: includeStats ? actions : undefined,
      now: c.env.now(),
    }
    return c.json(repositoryView(c.var, c.env.settings, details), 200)
  },
})

function readDetails({ store, repositoryId, accountId, query, now }: Lookup) {
  const includeStats = readFlag(query('includeStats'), false)
  const includeTags = readFlag(query('includeTags'), true)
  return [
    starOf(store, repositoryId, accountId),
    newestTags(store, repositoryId, now, includeTags ? tagsMax : 0),
    actionsSince(store, repositoryId, includeStats ? dayBefore(now, statsDays) : '9'),
  ] as const
}
