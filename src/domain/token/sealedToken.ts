import { z } from 'zod'
import { type Actor, secretMark } from '../actor.ts'
import type { Credential } from './credential.ts'
import type { Vault } from './vault.ts'

const Contents = z.object({
  account: z.string(),
  appToken: z.int().optional(),
  mark: z.string().optional(),
  expiresAt: z.int(),
})

type Purpose = 'iam token' | 'login secret'

/**
 * A token that speaks for an account without any limit of scope. Nothing is stored: the seal proves it. It ends with the
 * account's sessions, with the app-specific token or the robot's token that it was got by, or when its time is over.
 */
export async function sealToken(vault: Vault, purpose: Purpose, { account, appToken }: Actor, expiresAt: Date) {
  const contents: z.infer<typeof Contents> = {
    account: account.uuid,
    ...(appToken && { appToken: appToken.id }),
    ...(account.encryptedToken && { mark: secretMark(account.encryptedToken) }),
    expiresAt: expiresAt.getTime(),
  }
  return vault.seal(purpose, JSON.stringify(contents))
}

/** What a token stands for; nobody where it is not ours, or too old. */
export async function openToken(vault: Vault, purpose: Purpose, token: string, now: Date): Promise<Credential> {
  const text = await vault.open(purpose, token)
  const contents = text === undefined ? undefined : Contents.parse(JSON.parse(text))
  if (!contents || contents.expiresAt <= now.getTime()) return { kind: 'none' }
  const { account: accountUuid, appToken: appTokenId, mark } = contents
  return { kind: 'registry', accountUuid, tokenId: undefined, appTokenId, mark }
}
