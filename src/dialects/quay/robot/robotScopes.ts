import { z } from '@hono/zod-openapi'
import { robotReads } from '../../../domain/robot/robotAct.ts'
import { onNamespace, onOwnAccount } from '../access.ts'
import { organizationMissing } from '../organization/organizationMissing.ts'

/*
 * Quay serves every act on robots twice: on those of the caller, and on those of an organization. Both read the robot along
 * with the caller's rights.
 */

export const ownRobot = {
  path: '/user/robots/{robot_shortname}',
  params: z.object({ robot_shortname: z.string() }),
  scope: () =>
    onOwnAccount('admin', {
      along: ({ store, accountId, param }) => robotReads(store, accountId, param('robot_shortname')),
    }),
} as const

export const organizationRobot = {
  path: '/organization/{orgname}/robots/{robot_shortname}',
  params: z.object({ orgname: z.string(), robot_shortname: z.string() }),
  /** `any`: the caller's own name will do for an organization's, as Quay has it for some of these acts. */
  scope: ({
    kind = 'organization',
    looks = false,
  }: {
    kind?: 'organization' | 'any'
    /** Read-only superusers may do this. */
    looks?: boolean
  } = {}) =>
    onNamespace('admin', {
      kind,
      missing: organizationMissing,
      readOnlySuperuserMayLook: looks,
      along: ({ store, namespaceId, param }) => robotReads(store, namespaceId, param('robot_shortname')),
    }),
} as const
