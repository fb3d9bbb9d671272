import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi'
import { deleteFederation } from '../../../domain/robot/changeRobot.ts'
import { organizationRobot, ownRobot } from './robotScopes.ts'

const responses = { 204: { description: 'None any more' } } as const

export const deleteUserRobotFederation = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'deleteUserRobotFederation',
    summary: 'Let no foreign token speak for a robot of the caller',
    method: 'delete',
    path: `${ownRobot.path}/federation`,
    ...ownRobot.scope(),
    request: { params: ownRobot.params },
    responses,
  }),
  handler: async (c) => {
    const { store, settings } = c.env
    const { actor, ip, along } = c.var
    const { robot_shortname: shortName } = c.req.valid('param')
    await deleteFederation(store, { owner: actor.account, shortName, settings, actor, ip, now: c.env.now() }, along)
    return c.body(null, 204)
  },
})

export const deleteOrgRobotFederation = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'deleteOrgRobotFederation',
    summary: 'Let no foreign token speak for a robot of an organization',
    method: 'delete',
    path: `${organizationRobot.path}/federation`,
    ...organizationRobot.scope({ kind: 'any' }),
    request: { params: organizationRobot.params },
    responses,
  }),
  handler: async (c) => {
    const { store, settings } = c.env
    const { namespace: owner, actor } = c.var.granted()
    const { robot_shortname: shortName } = c.req.valid('param')
    await deleteFederation(store, { owner, shortName, settings, actor, ip: c.var.ip, now: c.env.now() }, c.var.along)
    return c.body(null, 204)
  },
})
