import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi'
import { foundRobot } from '../../../domain/robot/robotAct.ts'
import { repositoriesOfAccount, robotIdNamed, robotNamed } from '../../../store/robots.ts'
import { onNamespace, onOwnAccount, requireUser } from '../access.ts'
import { messageError } from '../errors.ts'
import { organizationMissing } from '../organization/organizationMissing.ts'
import { GrantedRepositories, grantedRepositories } from '../permission/grantedRepositories.ts'
import { organizationRobot, ownRobot } from './robotScopes.ts'

const responses = {
  200: { description: 'Roles by repository', content: { 'application/json': { schema: GrantedRepositories } } },
} as const

export const getUserRobotPermissions = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'getUserRobotPermissions',
    summary: 'The repositories that a robot of the caller was granted a role on',
    method: 'get',
    path: `${ownRobot.path}/permissions`,
    ...onOwnAccount('admin', {
      along: ({ store, accountId, param }) =>
        [
          robotNamed(store, accountId, param('robot_shortname')),
          repositoriesOfAccount(store, robotIdNamed(accountId, param('robot_shortname'))),
        ] as const,
    }),
    request: { params: ownRobot.params },
    responses,
  }),
  handler: (c) => {
    const [robots, grants] = c.var.along
    foundRobot([robots])
    return c.json(grantedRepositories(grants), 200)
  },
})

export const getOrgRobotPermissions = defineOpenAPIRoute({
  route: createRoute({
    operationId: 'getOrgRobotPermissions',
    summary: 'The repositories that a robot of an organization was granted a role on',
    method: 'get',
    path: `${organizationRobot.path}/permissions`,
    ...onNamespace('admin', {
      scope: 'user:admin',
      readOnlySuperuserMayLook: true,
      missing: organizationMissing,
      refused: () => {
        throw messageError(403, forbidden)
      },
      along: ({ store, namespaceId, param }) =>
        [
          robotNamed(store, namespaceId, param('robot_shortname')),
          repositoriesOfAccount(store, robotIdNamed(namespaceId, param('robot_shortname'))),
        ] as const,
    }),
    request: { params: organizationRobot.params },
    responses,
  }),
  handler: (c) => {
    // Quay asks for the right over the caller's own account first, and refuses in its framework's words after that.
    requireUser(c.var.actor, 'admin')
    c.var.granted()
    const [robots, grants] = c.var.along
    foundRobot([robots])
    return c.json(grantedRepositories(grants), 200)
  },
})

const forbidden =
  "You don't have the permission to access the requested resource. It is either read-protected or not readable by the server."
