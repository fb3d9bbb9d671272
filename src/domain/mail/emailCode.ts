import { RegistryError } from '../../errors.ts'
import type { RowId } from '../../store/columns.ts'
import type { CodePurpose, EmailCode } from '../../store/mail.ts'
import { emailCode } from '../../store/schema.ts'
import type { Statement, Store } from '../../store/store.ts'
import { alphanumeric, hashSecret, randomText, sameSecret } from '../token/secret.ts'

const lookupLength = 16
const secretLength = 20

export interface NewEmailCode {
  accountId: RowId
  purpose: CodePurpose
  email: string
  /** What the code dies with: of a recovery, the account's uuid, which every new password changes. */
  boundTo?: string
  now: Date
}

/** A code to be sent to an address, and the statement that keeps its hash. */
export async function newEmailCode(
  store: Store,
  { boundTo = '', now, ...row }: NewEmailCode,
): Promise<{ text: string; insert: Statement }> {
  const [lookup, secret] = [randomText(lookupLength, alphanumeric), randomText(secretLength, alphanumeric)]
  const secretHash = await hashSecret(secret + boundTo)
  const insert = store.insert(emailCode).values({ ...row, lookup, secretHash, createdAt: now })
  return { text: btoa(`${lookup}:${secret}`), insert }
}

/** The part of a code that finds it; no text that could be one for anything else. */
export const lookupOfCode = (text: string): string => partsOf(text)?.lookup ?? ''

/** @throws `rule` unless the code is the one that was sent, and not too old */
export async function proveCode(
  text: string,
  code: EmailCode | undefined,
  { boundTo = '', lifetimeSeconds, now }: { boundTo?: string | undefined; lifetimeSeconds: number; now: Date },
): Promise<EmailCode> {
  const secret = partsOf(text)?.secret
  const isFresh = code && now.getTime() - code.createdAt.getTime() < lifetimeSeconds * 1000
  const isSame = isFresh && secret && (await sameSecret(await hashSecret(secret + boundTo), code.secretHash))
  if (!isSame) throw new RegistryError('rule', 'Invalid confirmation code.')
  return code
}

function partsOf(text: string): { lookup: string; secret: string } | undefined {
  try {
    const [lookup, secret, ...more] = atob(text).split(':')
    return lookup && secret && more.length === 0 ? { lookup, secret } : undefined
  } catch {
    return undefined
  }
}
