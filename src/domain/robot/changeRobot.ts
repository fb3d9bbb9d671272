import { eq, sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { Robot } from '../../store/robots.ts'
import { account } from '../../store/schema.ts'
import { commit, guard, retrying, type Store } from '../../store/store.ts'
import { recordEvent } from '../event/recordEvent.ts'
import type { Vault } from '../token/vault.ts'
import { foundRobot, type RobotAct, type RobotRows, refuseRestricted, robotReads } from './robotAct.ts'
import { newRobotToken } from './robotToken.ts'

/** Gives a robot a new token; whatever the old one opened is closed, registry tokens too. @throws `denied`, `rule` */
export async function regenerateRobotToken(
  store: Store,
  vault: Vault,
  act: RobotAct,
  firstRead?: RobotRows,
): Promise<{ robot: Robot; token: string }> {
  const { token, encryptedToken } = await newRobotToken(vault)
  const set = { encryptedToken, uuid: crypto.randomUUID(), email: crypto.randomUUID() }
  const robot = await change(store, act, firstRead, set, 'regenerate_robot_token', {})
  return { robot, token }
}

export type Federation = { issuer: string; subject: string }[]

/** Says which foreign tokens speak for a robot; all before are forgotten. @throws `denied`, `invalid`, `rule` */
export async function saveFederation(store: Store, act: RobotAct, federation: Federation, firstRead?: RobotRows) {
  checkFederation(federation)
  await change(store, act, firstRead, { federation }, 'create_robot_federation', { config: federation })
}

/** Lets no foreign token speak for a robot any more. @throws `denied`, `rule` */
export async function deleteFederation(store: Store, act: RobotAct, firstRead?: RobotRows) {
  await change(store, act, firstRead, { federation: null }, 'delete_robot_federation', {})
}

async function change(
  store: Store,
  act: RobotAct,
  firstRead: RobotRows | undefined,
  set: Partial<Robot>,
  kind: string,
  metadata: Record<string, unknown>,
): Promise<Robot> {
  const { owner, shortName } = act
  return retrying(async (attempt) => {
    const known = attempt === 0 ? firstRead : undefined
    const robot = foundRobot(known ?? (await store.batch(robotReads(store, owner.id, shortName))))
    refuseRestricted(act)
    await commit(store, [
      guard(store, sql`exists (select 1 from account where id = ${robot.id})`),
      store.update(account).set(set).where(eq(account.id, robot.id)),
      recordEvent(store, act, { kind, namespaceId: owner.id, metadata: { ...metadata, robot: shortName } }),
    ])
    return { ...robot, ...set }
  })
}

function checkFederation(federation: Federation): void {
  const seen = new Set<string>()
  for (const { issuer, subject } of federation) {
    if (!issuer || !subject) {
      throw new RegistryError('invalid', 'Missing one or more required fields (issuer, subject)')
    }
    if (!/^https?:\/\//.test(issuer)) {
      throw new RegistryError('invalid', 'Issuer must be a URL (http:// or https://)')
    }
    const entry = JSON.stringify([issuer, subject])
    if (seen.has(entry)) throw new RegistryError('invalid', 'Duplicate federation config entry')
    seen.add(entry)
  }
}
