import { randomText } from '../token/secret.ts'
import type { Vault } from '../token/vault.ts'

const purpose = 'robot token'
const length = 64

/** A robot's token, with what is kept of it: its administrators may look at it again, so it is encrypted. */
export async function newRobotToken(vault: Vault): Promise<{ token: string; encryptedToken: string }> {
  const token = randomText(length)
  return { token, encryptedToken: await vault.seal(purpose, token) }
}

/** A robot's token in the clear. */
export const openRobotToken = (vault: Vault, { encryptedToken }: { encryptedToken: string | null }) =>
  encryptedToken === null ? Promise.resolve(undefined) : vault.open(purpose, encryptedToken)
