import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi'
import { createRobot } from '../../../domain/robot/createRobot.ts'
import { organizationRobot, ownRobot } from './robotScopes.ts'
import { RobotView, robotView } from './robotView.ts'

const body = {
  required: false,
  content: {
    'application/json': {
      schema: z
        .object({
          description: z.string().max(255).optional(),
          unstructured_metadata: z.record(z.string(), z.unknown()).optional(),
        })
        .openapi('NewRobot'),
    },
  },
} as const

const responses = {
  201: { description: 'The robot, with its token', content: { 'application/json': { schema: RobotView } } },
} as const

export const createUserRobot = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'createUserRobot',
    summary: 'Create a robot of the caller',
    method: 'put',
    path: ownRobot.path,
    ...ownRobot.scope(),
    request: { params: ownRobot.params, body },
    responses,
  }),
  handler: async (c) => {
    const { store, vault, settings } = c.env
    const { actor, ip, along } = c.var
    const { robot_shortname: shortName } = c.req.valid('param')
    const { description, unstructured_metadata: metadata } = c.req.valid('json')
    const wanted = { owner: actor.account, shortName, description, metadata, settings, actor, ip, now: c.env.now() }
    const { robot, token } = await createRobot(store, vault, wanted, along)
    return c.json(robotView(robot, { settings, token, metadata: robot.metadata }), 201)
  },
})

export const createOrgRobot = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'createOrgRobot',
    summary: 'Create a robot of an organization',
    method: 'put',
    path: organizationRobot.path,
    ...organizationRobot.scope(),
    request: { params: organizationRobot.params, body },
    responses,
  }),
  handler: async (c) => {
    const { store, vault, settings } = c.env
    const { namespace: owner, actor } = c.var.granted()
    const { robot_shortname: shortName } = c.req.valid('param')
    const { description, unstructured_metadata: metadata } = c.req.valid('json')
    const wanted = { owner, shortName, description, metadata, settings, actor, ip: c.var.ip, now: c.env.now() }
    const { robot, token } = await createRobot(store, vault, wanted, c.var.along)
    return c.json(robotView(robot, { settings, token, metadata: robot.metadata }), 201)
  },
})
