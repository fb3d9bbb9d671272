import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { weighRights } from '../../../domain/grant/authorize.ts'
import { robotsStarting, teamsStarting, usersStarting } from '../../../store/entities.ts'
import { namespaceIdOf, rightsOf, rightsRow } from '../../../store/rights.ts'
import { openToAll } from '../access.ts'
import { queryFlag, queryText } from '../validation.ts'
import { accountEntity, Entity, organizationEntity, teamEntity } from './entityView.ts'

/** Of each kind. */
const matchesMax = 10

const route = createRoute({
  operationId: 'getMatchingEntities',
  summary: 'Users, and for members of a namespace its robots and teams, whose names begin with a text',
  method: 'get',
  path: '/entities/{prefix}',
  ...openToAll({
    along: ({ store, accountId, param, query }) => {
      const prefix = asName(param('prefix'))
      const namespace = query('namespace') ?? ''
      const namespaceId = namespaceIdOf(namespace)
      return [
        rightsRow(store, accountId, { namespace, name: '' }),
        usersStarting(store, prefix, namespaceId, matchesMax),
        robotsStarting(store, prefix, namespace, namespaceId, matchesMax),
        teamsStarting(store, prefix, namespaceId, matchesMax),
      ] as const
    },
  }),
  request: {
    params: z.object({ prefix: z.string() }),
    query: z.object({
      namespace: queryText('The namespace that the search is made for'),
      includeTeams: queryFlag(false, 'Also teams'),
      includeOrgs: queryFlag(false, 'Also the organization itself'),
    }),
  },
  responses: {
    200: {
      description: 'What was found',
      content: { 'application/json': { schema: z.object({ results: z.array(Entity) }).openapi('Entities') } },
    },
  },
})

export const getMatchingEntities = defineOpenAPIRoute({
  route,
  handler: (c) => {
    const { actor, along } = c.var
    const { includeTeams, includeOrgs } = c.req.valid('query')
    const [[row], users, robots, teams] = along
    const rights = rightsOf(row)
    const isMember = weighRights(actor, rights, c.env.settings).namespaceRank > 0
    const organization = rights?.namespace.kind === 'organization' ? rights.namespace : undefined
    const accounts = [...users, ...(isMember ? robots : [])].slice(0, matchesMax)
    const namesIt = organization?.username.startsWith(asName(c.req.valid('param').prefix))
    return c.json(
      {
        results: [
          ...(organization && isMember && includeTeams ? teams.map(teamEntity) : []),
          ...accounts.map((found) => accountEntity(found, organization !== undefined)),
          ...(organization && isMember && includeOrgs && namesIt ? [organizationEntity(organization)] : []),
        ],
      },
      200,
    )
  },
})

/** What was typed as names are written: small letters without their accents, and no spaces. */
const asName = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/[^!-~]/g, '')
    .toLowerCase()
