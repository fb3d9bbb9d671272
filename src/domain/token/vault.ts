import { base64url } from 'jose'

/** Keys derived from the installation's secret: what is sealed here can be opened here only, and for the same purpose only. */
export interface Vault {
  /** Encrypts and authenticates (AES-256-GCM); the result is base64url text. */
  seal(purpose: string, text: string): Promise<string>
  /** The sealed text, or undefined where it is not ours, not whole, or was sealed for another purpose. */
  open(purpose: string, sealed: string): Promise<string | undefined>
}

const ivBytes = 12

export function createVault(secret: string): Vault {
  let key: Promise<CryptoKey> | undefined
  const sealingKey = () => {
    key ??= deriveKey(secret)
    return key
  }
  return {
    async seal(purpose, text) {
      const iv = crypto.getRandomValues(new Uint8Array(ivBytes))
      const algorithm = { name: 'AES-GCM', iv, additionalData: encoder.encode(purpose) }
      const encrypted = await crypto.subtle.encrypt(algorithm, await sealingKey(), encoder.encode(text))
      const sealed = new Uint8Array(ivBytes + encrypted.byteLength)
      sealed.set(iv)
      sealed.set(new Uint8Array(encrypted), ivBytes)
      return base64url.encode(sealed)
    },
    async open(purpose, sealed) {
      try {
        const bytes = base64url.decode(sealed)
        const algorithm = { name: 'AES-GCM', iv: bytes.slice(0, ivBytes), additionalData: encoder.encode(purpose) }
        const text = await crypto.subtle.decrypt(algorithm, await sealingKey(), bytes.slice(ivBytes))
        return new TextDecoder().decode(text)
      } catch {
        return undefined
      }
    },
  }
}

const encoder = new TextEncoder()

async function deriveKey(secret: string): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', encoder.encode(secret), 'HKDF', false, ['deriveKey'])
  const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: encoder.encode('quayside vault') }
  return crypto.subtle.deriveKey(algorithm, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}
