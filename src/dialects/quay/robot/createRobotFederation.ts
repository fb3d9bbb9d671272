import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi'
import { saveFederation } from '../../../domain/robot/changeRobot.ts'
import { FederationView } from './federationView.ts'
import { organizationRobot, ownRobot } from './robotScopes.ts'

const body = { required: true, content: { 'application/json': { schema: FederationView } } } as const
const responses = {
  200: { description: 'As it is now', content: { 'application/json': { schema: FederationView } } },
} as const

export const createUserRobotFederation = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'createUserRobotFederation',
    summary: 'Say which foreign tokens speak for a robot of the caller',
    method: 'post',
    path: `${ownRobot.path}/federation`,
    ...ownRobot.scope(),
    request: { params: ownRobot.params, body },
    responses,
  }),
  handler: async (c) => {
    const { store, settings } = c.env
    const { actor, ip, along } = c.var
    const { robot_shortname: shortName } = c.req.valid('param')
    const federation = c.req.valid('json')
    const act = { owner: actor.account, shortName, settings, actor, ip, now: c.env.now() }
    await saveFederation(store, act, federation, along)
    return c.json(federation, 200)
  },
})

export const createOrgRobotFederation = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'createOrgRobotFederation',
    summary: 'Say which foreign tokens speak for a robot of an organization',
    method: 'post',
    path: `${organizationRobot.path}/federation`,
    ...organizationRobot.scope({ kind: 'any' }),
    request: { params: organizationRobot.params, body },
    responses,
  }),
  handler: async (c) => {
    const { store, settings } = c.env
    const { namespace: owner, actor } = c.var.granted()
    const { robot_shortname: shortName } = c.req.valid('param')
    const federation = c.req.valid('json')
    const act = { owner, shortName, settings, actor, ip: c.var.ip, now: c.env.now() }
    await saveFederation(store, act, federation, c.var.along)
    return c.json(federation, 200)
  },
})
