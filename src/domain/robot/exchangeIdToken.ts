import { decodeJwt, errors } from 'jose'
import { ZodError } from 'zod'
import { RegistryError } from '../../errors.ts'
import { type Outbound, OutboundError } from '../../outbound/fetchPublic.ts'
import type { Principal } from '../../store/principals.ts'
import { commit } from '../../store/store.ts'
import { actorOf } from '../actor.ts'
import { recordEvent } from '../event/recordEvent.ts'
import type { KeyOwner } from '../token/signingKey.ts'
import { verifyIdToken } from './openidIssuer.ts'
import { issueRobotPassword } from './robotPassword.ts'

export interface IdTokenExchange {
  owner: KeyOwner
  outbound: Outbound
  /** What the store found under the robot's name. */
  principal: Principal | undefined
  idToken: string
  ip: string | undefined
}

/**
 * Gives whoever an OpenID issuer knows, and a robot's federation names, a password of that robot for an hour.
 * @throws `unauthenticated`
 */
export async function exchangeIdToken({ owner, outbound, principal, idToken, ip }: IdTokenExchange): Promise<string> {
  const { store, settings } = owner
  const now = owner.now()
  const robot = principal?.account
  const isForbidden = settings.ROBOTS_DISALLOW && !settings.ROBOTS_WHITELIST.includes(robot?.username ?? '')
  if (robot?.kind !== 'robot' || !robot.enabled || !principal?.owner?.enabled || isForbidden) throw refused()
  const claimed = claimsOf(idToken)
  const entry = robot.federation?.find(({ issuer, subject }) => issuer === claimed.iss && subject === claimed.sub)
  if (!entry) throw refused()
  await verifyIdToken(outbound, entry.issuer, idToken, now).catch((error: unknown) => {
    throw refused(error)
  })
  const { issuer, subject } = entry
  const password = await issueRobotPassword(owner, robot, { issuer, subject })
  await commit(store, [
    recordEvent(
      store,
      { actor: actorOf(robot, undefined, settings), ip, now },
      {
        kind: 'federated_robot_token_exchange',
        namespaceId: robot.ownerId,
        metadata: { subject, issuer, robot: robot.username },
      },
    ),
  ])
  return password
}

/** What a token says of itself: enough to know whom to ask about it. */
function claimsOf(idToken: string): { iss?: string | undefined; sub?: string | undefined } {
  try {
    return decodeJwt(idToken)
  } catch (error) {
    throw refused(error)
  }
}

/** Whatever is wrong is told in one way: the answer is no window into networks, nor a list of robots. */
function refused(cause?: unknown): RegistryError {
  const isExpected =
    cause instanceof errors.JOSEError || cause instanceof OutboundError || cause instanceof ZodError || !cause
  if (!isExpected) console.error('an OpenID issuer could not be asked', cause)
  return new RegistryError('unauthenticated', 'Could not exchange this token', { cause })
}
