import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { openRobotToken } from '../../../domain/robot/robotToken.ts'
import { teamRank } from '../../../domain/token/scope.ts'
import type { Services } from '../../../services.ts'
import type { RowId } from '../../../store/columns.ts'
import { type Robot, repositoriesOfRobots, robotsOf, teamsOfRobots } from '../../../store/robots.ts'
import type { Rows, Store } from '../../../store/store.ts'
import { onNamespace, onOwnAccount } from '../access.ts'
import { queryFlag, queryInteger } from '../validation.ts'
import { RobotView, robotView } from './robotView.ts'

const Query = z.object({
  permissions: queryFlag(false, 'Also the teams that each robot is in, and the repositories that it has a role on'),
  token: queryFlag(true, 'Also the tokens, to those who administer the robots'),
  limit: queryInteger(undefined, 'If specified, the number of robots to return.'),
})

const responses = {
  200: {
    description: 'The robots',
    content: { 'application/json': { schema: z.object({ robots: z.array(RobotView) }) } },
  },
} as const

export const getUserRobots = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'getUserRobots',
    summary: 'The robots of the caller',
    method: 'get',
    path: '/user/robots',
    ...onOwnAccount('admin', {
      along: ({ store, accountId, query }) => readRobots(store, accountId, query),
    }),
    request: { query: Query },
    responses,
  }),
  handler: async (c) => {
    const { token, permissions } = c.req.valid('query')
    return c.json({ robots: await robotViews(c.env, c.var.along, { token, permissions }) }, 200)
  },
})

export const getOrgRobots = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'getOrgRobots',
    summary: 'The robots of an organization; what they may do is for administrators',
    method: 'get',
    path: '/organization/{orgname}/robots',
    ...onNamespace('member', {
      kind: 'any',
      readOnlySuperuserMayLook: true,
      along: ({ store, namespaceId, query }) => readRobots(store, namespaceId, query),
    }),
    request: { params: z.object({ orgname: z.string() }), query: Query },
    responses,
  }),
  handler: async (c) => {
    const { authority } = c.var.granted()
    const query = c.req.valid('query')
    const administers = authority.namespaceRank === teamRank('admin')
    const token = query.token && administers
    const permissions = query.permissions && (administers || authority.readsEverything)
    return c.json({ robots: await robotViews(c.env, c.var.along, { token, permissions }) }, 200)
  },
})

function readRobots(store: Store, ownerId: RowId, query: (name: string) => string | undefined) {
  const asked = Query.safeParse({ permissions: query('permissions'), limit: query('limit') })
  const limit = asked.data?.limit
  return [
    robotsOf(store, ownerId, limit),
    ...(asked.data?.permissions
      ? ([teamsOfRobots(store, ownerId, limit), repositoriesOfRobots(store, ownerId, limit)] as const)
      : []),
  ] as const
}

async function robotViews(
  { vault, settings }: Services,
  [robots, teams = [], repositories = []]: Rows<ReturnType<typeof readRobots>>,
  shown: { token: boolean; permissions: boolean },
): Promise<z.infer<typeof RobotView>[]> {
  const tokens = shown.token ? await Promise.all(robots.map((robot) => openRobotToken(vault, robot))) : []
  const teamNames = Map.groupBy(teams, ({ robotId }) => robotId)
  const repositoryNames = Map.groupBy(repositories, ({ robotId }) => robotId)
  const namesOf = (rows: Map<number | null, { name: string }[]>, { id }: Robot) =>
    (rows.get(id) ?? []).map(({ name }) => name)
  return robots.map((robot, i) =>
    robotView(robot, {
      settings,
      token: tokens[i],
      ...(shown.permissions && { teams: namesOf(teamNames, robot), repositories: namesOf(repositoryNames, robot) }),
    }),
  )
}
