import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi'
import { foundRobot } from '../../../domain/robot/robotAct.ts'
import { openRobotToken } from '../../../domain/robot/robotToken.ts'
import { teamRank } from '../../../domain/token/scope.ts'
import { organizationRobot, ownRobot } from './robotScopes.ts'
import { RobotView, robotView } from './robotView.ts'

const responses = {
  200: { description: 'The robot', content: { 'application/json': { schema: RobotView } } },
} as const

export const getUserRobot = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'getUserRobot',
    summary: 'A robot of the caller, with its token',
    method: 'get',
    path: ownRobot.path,
    ...ownRobot.scope(),
    request: { params: ownRobot.params },
    responses,
  }),
  handler: async (c) => {
    const { settings, vault } = c.env
    const robot = foundRobot(c.var.along)
    const token = await openRobotToken(vault, robot)
    return c.json(robotView(robot, { settings, token, metadata: robot.metadata ?? {} }), 200)
  },
})

export const getOrgRobot = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'getOrgRobot',
    summary: 'A robot of an organization, with its token for those who administer it',
    method: 'get',
    path: organizationRobot.path,
    ...organizationRobot.scope({ looks: true }),
    request: { params: organizationRobot.params },
    responses,
  }),
  handler: async (c) => {
    const { settings, vault } = c.env
    const { authority } = c.var.granted()
    const robot = foundRobot(c.var.along)
    const administers = authority.namespaceRank === teamRank('admin')
    const token = administers ? await openRobotToken(vault, robot) : undefined
    return c.json(robotView(robot, { settings, token, metadata: robot.metadata ?? {} }), 200)
  },
})
