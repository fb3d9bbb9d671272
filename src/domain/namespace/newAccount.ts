import type { account } from '../../store/schema.ts'
import { randomHex } from '../token/secret.ts'

type NewAccount = typeof account.$inferInsert

/** The row of a new user, organization or robot. Without an e-mail address a random uuid stands in for one, as in Quay. */
export function newAccount(
  kind: NewAccount['kind'],
  username: string,
  { email, tagExpirationSeconds, now, ...rest }: Partial<NewAccount> & { now: Date; tagExpirationSeconds: number },
): NewAccount {
  return {
    uuid: crypto.randomUUID(),
    kind,
    username,
    email: email || crypto.randomUUID(),
    tagExpirationSeconds,
    createdAt: now,
    swrId: randomHex(16),
    ...rest,
  }
}
