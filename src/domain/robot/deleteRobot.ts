import { eq, or, sql } from 'drizzle-orm'
import type { Robot } from '../../store/robots.ts'
import { account, accountNotice, defaultGrant, repositoryGrant, star, teamMember } from '../../store/schema.ts'
import { guard, retrying, type Statement, type Store } from '../../store/store.ts'
import { recordEvent } from '../event/recordEvent.ts'
import { commitRights, raiseGenerationsOfMember } from '../grant/raiseGenerations.ts'
import { foundRobot, type RobotAct, type RobotRows, refuseRestricted, robotReads } from './robotAct.ts'

/**
 * Deletes a robot with its memberships, its grants and every default grant that names it.
 * @returns the paths of the repositories that this closes
 * @throws `denied`, `rule`
 */
export async function deleteRobot(store: Store, act: RobotAct, firstRead?: RobotRows): Promise<string[]> {
  const { owner, shortName } = act
  return retrying(async (attempt) => {
    const known = attempt === 0 ? firstRead : undefined
    const robot = foundRobot(known ?? (await store.batch(robotReads(store, owner.id, shortName))))
    refuseRestricted(act)
    const raise = raiseGenerationsOfMember(store, robot.id, owner.id)
    return commitRights(store, owner.username, raise, [
      guard(store, sql`exists (select 1 from account where id = ${robot.id})`),
      ...removal(store, robot),
      recordEvent(store, act, { kind: 'delete_robot', namespaceId: owner.id, metadata: { robot: shortName } }),
    ])
  })
}

const removal = (store: Store, { id }: Robot): Statement[] => [
  store.delete(teamMember).where(eq(teamMember.accountId, id)),
  store.delete(repositoryGrant).where(eq(repositoryGrant.accountId, id)),
  store
    .delete(defaultGrant)
    .where(or(eq(defaultGrant.delegateAccountId, id), eq(defaultGrant.activatingAccountId, id))),
  store.delete(accountNotice).where(eq(accountNotice.accountId, id)),
  store.delete(star).where(eq(star.accountId, id)),
  store.delete(account).where(eq(account.id, id)),
]
