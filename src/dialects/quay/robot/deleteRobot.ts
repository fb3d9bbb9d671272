import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi'
import { deleteRobot } from '../../../domain/robot/deleteRobot.ts'
import { forgetAll } from '../access.ts'
import { organizationRobot, ownRobot } from './robotScopes.ts'

const responses = { 204: { description: 'Deleted' } } as const

export const deleteUserRobot = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'deleteUserRobot',
    summary: 'Delete a robot of the caller',
    method: 'delete',
    path: ownRobot.path,
    ...ownRobot.scope(),
    request: { params: ownRobot.params },
    responses,
  }),
  handler: async (c) => {
    const { store, settings } = c.env
    const { actor, ip, along } = c.var
    const { robot_shortname: shortName } = c.req.valid('param')
    const act = { owner: actor.account, shortName, settings, actor, ip, now: c.env.now() }
    await forgetAll(c.env, await deleteRobot(store, act, along))
    return c.body(null, 204)
  },
})

export const deleteOrgRobot = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'deleteOrgRobot',
    summary: 'Delete a robot of an organization',
    method: 'delete',
    path: organizationRobot.path,
    ...organizationRobot.scope({ kind: 'any' }),
    request: { params: organizationRobot.params },
    responses,
  }),
  handler: async (c) => {
    const { store, settings } = c.env
    const { namespace: owner, actor } = c.var.granted()
    const { robot_shortname: shortName } = c.req.valid('param')
    const act = { owner, shortName, settings, actor, ip: c.var.ip, now: c.env.now() }
    await forgetAll(c.env, await deleteRobot(store, act, c.var.along))
    return c.body(null, 204)
  },
})
