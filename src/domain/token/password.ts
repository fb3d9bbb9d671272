import { base64url } from 'jose'
import { sameSecret } from './secret.ts'
import type { Vault } from './vault.ts'

/** As many rounds as Workers allow. */
const iterations = 100_000

export const passwordProblem = 'Invalid password, password must be at least 8 characters and contain no whitespace.'
export const isPassword = (text: string) => text.length >= 8 && !/\s/.test(text)

/** A hash of a password that a person chose (PBKDF2-SHA256), with its salt and its cost. */
export async function hashPassword(password: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  return `pbkdf2-sha256$${iterations}$${base64url.encode(salt)}$${await derive(password, salt, iterations)}`
}

/** Whether the password is the one that was hashed. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [, cost, salt, expected] = hash.split('$')
  if (!cost || !salt || !expected) return false
  return sameSecret(await derive(password, base64url.decode(salt), Number(cost)), expected)
}

async function derive(password: string, salt: Uint8Array, rounds: number): Promise<string> {
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(password), 'PBKDF2', false, ['deriveBits'])
  const bits = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds }, key, 256)
  return base64url.encode(new Uint8Array(bits))
}

/** How an encrypted password is sealed: programs keep it instead of the password, and present it in its place. */
const sealedPurpose = 'password'

export const sealPassword = (vault: Vault, password: string): Promise<string> =>
  vault.seal(sealedPurpose, JSON.stringify({ password }))

/** The password in an encrypted one; undefined where the text is no such thing. */
export async function openSealedPassword(vault: Vault, text: string): Promise<string | undefined> {
  const opened = await vault.open(sealedPurpose, text)
  return opened && (JSON.parse(opened) as { password: string }).password
}
