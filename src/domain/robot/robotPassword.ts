import { errors, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { type Account, secretMark } from '../actor.ts'
import { type KeyOwner, signatureAlgorithm, signingKey } from '../token/signingKey.ts'

/** An entry of a robot's federation: whoever an issuer calls so may act as the robot. */
export interface FederatedIdentity {
  issuer: string
  subject: string
}

const lifetimeSeconds = 3600
/** What it is for: registry tokens are signed by the same key. */
const audience = 'robot password'

const Claims = z.object({
  federation: z.object({ issuer: z.string(), subject: z.string() }),
  uuid: z.string(),
  mark: z.string(),
})

/** A password of a robot for an hour. It dies sooner with the robot's token, or with the entry that it was given for. */
export async function issueRobotPassword(
  owner: KeyOwner,
  robot: Account,
  federation: FederatedIdentity,
): Promise<string> {
  const { kid, privateKey } = await signingKey(owner)
  const issuedAt = Math.floor(owner.now().getTime() / 1000)
  return new SignJWT({ federation: { ...federation }, uuid: robot.uuid, mark: secretMark(robot.encryptedToken ?? '') })
    .setProtectedHeader({ alg: signatureAlgorithm, typ: 'JWT', kid })
    .setIssuer(owner.settings.INSTANCE_SERVICE_KEY_SERVICE)
    .setAudience(audience)
    .setSubject(robot.username)
    .setIssuedAt(issuedAt)
    .setNotBefore(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .sign(privateKey)
}

/** Whether a text is such a password of the robot. */
export async function isRobotPassword(owner: KeyOwner, robot: Account, text: string): Promise<boolean> {
  if (text.split('.').length !== 3) return false
  const { publicKey } = await signingKey(owner)
  try {
    const { payload } = await jwtVerify(text, publicKey, {
      algorithms: [signatureAlgorithm],
      issuer: owner.settings.INSTANCE_SERVICE_KEY_SERVICE,
      audience,
      subject: robot.username,
      currentDate: owner.now(),
      requiredClaims: ['exp'],
    })
    const { federation, uuid, mark } = Claims.parse(payload)
    return (
      uuid === robot.uuid &&
      mark === secretMark(robot.encryptedToken ?? '') &&
      (robot.federation ?? []).some((entry) => isSame(entry, federation))
    )
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof z.ZodError) return false
    throw error
  }
}

const isSame = (a: FederatedIdentity, b: FederatedIdentity) => a.issuer === b.issuer && a.subject === b.subject
