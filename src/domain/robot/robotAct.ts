import { RegistryError } from '../../errors.ts'
import type { Settings } from '../../settings.ts'
import type { RowId } from '../../store/columns.ts'
import type { Namespace } from '../../store/rights.ts'
import { type Robot, robotNamed } from '../../store/robots.ts'
import type { Rows, Store } from '../../store/store.ts'
import { type Actor, isRestricted } from '../actor.ts'
import type { Origin } from '../event/recordEvent.ts'

/** Whose robot it is, and who acts on it. */
export interface RobotAct extends Origin {
  actor: Actor
  /** A user or an organization. */
  owner: Namespace
  shortName: string
  settings: Settings
}

/** What an act on a robot has to know. */
export const robotReads = (store: Store, ownerId: RowId, shortName: string) =>
  [robotNamed(store, ownerId, shortName)] as const

export type RobotRows = Rows<ReturnType<typeof robotReads>>

/** @throws `denied` for somebody who may have no robots of their own (FEATURE_RESTRICTED_USERS) */
export function refuseRestricted({ owner, actor, settings }: RobotAct): void {
  if (owner.kind === 'user' && isRestricted(actor, settings)) {
    throw new RegistryError('denied', 'a restricted user may not change robots')
  }
}

/** The robot that was found. @throws `rule` with Quay's words, on which clients match */
export function foundRobot([[robot]]: RobotRows): Robot {
  if (!robot) throw new RegistryError('rule', 'Could not find robot with specified username')
  return robot
}
