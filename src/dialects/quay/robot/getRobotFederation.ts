import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi'
import { foundRobot } from '../../../domain/robot/robotAct.ts'
import { FederationView } from './federationView.ts'
import { organizationRobot, ownRobot } from './robotScopes.ts'

const responses = {
  200: { description: 'Whose tokens', content: { 'application/json': { schema: FederationView } } },
} as const

export const getUserRobotFederation = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'getUserRobotFederation',
    summary: 'Which foreign tokens speak for a robot of the caller',
    method: 'get',
    path: `${ownRobot.path}/federation`,
    ...ownRobot.scope(),
    request: { params: ownRobot.params },
    responses,
  }),
  handler: (c) => c.json(foundRobot(c.var.along).federation ?? [], 200),
})

export const getOrgRobotFederation = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'getOrgRobotFederation',
    summary: 'Which foreign tokens speak for a robot of an organization',
    method: 'get',
    path: `${organizationRobot.path}/federation`,
    ...organizationRobot.scope({ kind: 'any', looks: true }),
    request: { params: organizationRobot.params },
    responses,
  }),
  handler: (c) => {
    c.var.granted()
    return c.json(foundRobot(c.var.along).federation ?? [], 200)
  },
})
