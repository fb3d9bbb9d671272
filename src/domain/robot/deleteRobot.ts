import { eq, or, sql } from 'drizzle-orm'
import type { Robot } from '../../store/robots.ts'
import { account, accountNotice, defaultGrant, repositoryGrant, star, teamMember } from '../../store/schema.ts'
import { commit, guard, retrying, type Statement, type Store } from '../../store/store.ts'
import { recordEvent } from '../event/recordEvent.ts'
import { raiseGenerationsOfMember } from '../grant/raiseGenerations.ts'
import { found, type RobotAct, type RobotRows, refuseRestricted, robotReads } from './createRobot.ts'

/** Deletes a robot with its memberships, its grants and every default grant that names it. @throws `denied`, `rule` */
export async function deleteRobot(store: Store, act: RobotAct, firstRead?: RobotRows): Promise<void> {
  const { owner, shortName } = act
  await retrying(async (attempt) => {
    const known = attempt === 0 ? firstRead : undefined
    const robot = found(known ?? (await store.batch(robotReads(store, owner.id, shortName))))
    refuseRestricted(act)
    await commit(store, [
      guard(store, sql`exists (select 1 from account where id = ${robot.id})`),
      ...removal(store, robot),
      recordEvent(store, act, { kind: 'delete_robot', namespaceId: owner.id, metadata: { robot: shortName } }),
    ])
  })
}

const removal = (store: Store, { id, ownerId }: Robot): Statement[] => [
  raiseGenerationsOfMember(store, id, ownerId ?? 0),
  store.delete(teamMember).where(eq(teamMember.accountId, id)),
  store.delete(repositoryGrant).where(eq(repositoryGrant.accountId, id)),
  store
    .delete(defaultGrant)
    .where(or(eq(defaultGrant.delegateAccountId, id), eq(defaultGrant.activatingAccountId, id))),
  store.delete(accountNotice).where(eq(accountNotice.accountId, id)),
  store.delete(star).where(eq(star.accountId, id)),
  store.delete(account).where(eq(account.id, id)),
]
