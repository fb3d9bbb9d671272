import { sql } from 'drizzle-orm'
import { RegistryError } from '../../errors.ts'
import type { Robot } from '../../store/robots.ts'
import { account } from '../../store/schema.ts'
import { commit, guard, retrying, type Store } from '../../store/store.ts'
import { recordEvent } from '../event/recordEvent.ts'
import { newAccount } from '../namespace/newAccount.ts'
import { namespaceNameProblem } from '../reference.ts'
import type { Vault } from '../token/vault.ts'
import { type RobotAct, type RobotRows, refuseRestricted, robotReads } from './robotAct.ts'
import { newRobotToken } from './robotToken.ts'

export interface NewRobot extends RobotAct {
  description: string | undefined
  metadata: Record<string, unknown> | undefined
}

/** Creates a robot, `owner+name`, with a token. @throws `denied`, `invalid` with Quay's words */
export async function createRobot(
  store: Store,
  vault: Vault,
  wanted: NewRobot,
  firstRead?: RobotRows,
): Promise<{ robot: Robot; token: string }> {
  const { owner, shortName, settings, description, metadata, now } = wanted
  if (settings.ROBOTS_DISALLOW) {
    throw new RegistryError('invalid', 'Robot accounts have been disabled. Please contact your administrator.')
  }
  refuseRestricted(wanted)
  const username = `${owner.username}+${shortName}`
  const { token, encryptedToken } = await newRobotToken(vault)
  return retrying(async (attempt) => {
    const known = attempt === 0 ? firstRead : undefined
    const [[existing]] = known ?? (await store.batch(robotReads(store, owner.id, shortName)))
    const problem = namespaceNameProblem(shortName)
    if (problem) throw new RegistryError('invalid', `The name for the robot '${shortName}' is invalid: ${problem}`)
    if (existing) throw new RegistryError('invalid', `Existing robot with name: ${username}`)
    const row = newAccount('robot', username, {
      ownerId: owner.id,
      encryptedToken,
      description: description ?? '',
      metadata: metadata ?? null,
      tagExpirationSeconds: owner.tagExpirationSeconds,
      now,
    })
    const [, [robot]] = await commit(store, [
      guard(store, sql`exists (select 1 from account where id = ${owner.id} and username = ${owner.username})`),
      store.insert(account).values(row).returning(),
      recordEvent(store, wanted, {
        kind: 'create_robot',
        namespaceId: owner.id,
        metadata: { robot: shortName, description: description ?? null, unstructured_metadata: metadata ?? null },
      }),
    ])
    return { robot: robot as Robot, token }
  })
}
