import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi'
import { regenerateRobotToken } from '../../../domain/robot/changeRobot.ts'
import { organizationRobot, ownRobot } from './robotScopes.ts'
import { RobotView, robotView } from './robotView.ts'

const responses = {
  200: { description: 'The robot, with its new token', content: { 'application/json': { schema: RobotView } } },
} as const

export const regenerateUserRobotToken = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'regenerateUserRobotToken',
    summary: 'Give a robot of the caller a new token',
    method: 'post',
    path: `${ownRobot.path}/regenerate`,
    ...ownRobot.scope(),
    request: { params: ownRobot.params },
    responses,
  }),
  handler: async (c) => {
    const { store, vault, settings } = c.env
    const { actor, ip, along } = c.var
    const { robot_shortname: shortName } = c.req.valid('param')
    const act = { owner: actor.account, shortName, settings, actor, ip, now: c.env.now() }
    const { robot, token } = await regenerateRobotToken(store, vault, act, along)
    return c.json(robotView(robot, { settings, token }), 200)
  },
})

export const regenerateOrgRobotToken = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'regenerateOrgRobotToken',
    summary: 'Give a robot of an organization a new token',
    method: 'post',
    path: `${organizationRobot.path}/regenerate`,
    ...organizationRobot.scope(),
    request: { params: organizationRobot.params },
    responses,
  }),
  handler: async (c) => {
    const { store, vault, settings } = c.env
    const { namespace: owner, actor } = c.var.granted()
    const { robot_shortname: shortName } = c.req.valid('param')
    const act = { owner, shortName, settings, actor, ip: c.var.ip, now: c.env.now() }
    const { robot, token } = await regenerateRobotToken(store, vault, act, c.var.along)
    return c.json(robotView(robot, { settings, token }), 200)
  },
})
