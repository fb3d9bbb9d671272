import { hash } from '@stablelib/sha256'

/** Letters and digits, as Quay's OAuth tokens have them. */
export const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
/** Capitals and digits, as Quay's client ids, robot tokens and app tokens have them. */
export const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** Random text of the given length, every character equally likely. */
export function randomText(length: number, alphabet = capitals): string {
  const fair = 256 - (256 % alphabet.length)
  let text = ''
  while (text.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length * 2))) {
      if (byte < fair && text.length < length) text += alphabet[byte % alphabet.length]
    }
  }
  return text
}

/** Hex SHA-256: enough to keep a long random secret, never a password that a person chose. */
export const hashSecret = (secret: string): string => toHex(hash(new TextEncoder().encode(secret)))

/** Compares in a time that does not depend on where the texts differ. */
export function sameSecret(one: string, other: string): boolean {
  const [a, b] = [hashSecret(one), hashSecret(other)]
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i)
  return difference === 0
}

/** Random bytes in lower-case hex. */
export const randomHex = (bytes: number) => toHex(crypto.getRandomValues(new Uint8Array(bytes)))

export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += hexOfByte[byte]
  return text
}

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
