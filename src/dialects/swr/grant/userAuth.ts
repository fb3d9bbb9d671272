import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../domain/actor.ts'
import { accountsBySwrId } from '../../../store/memberships.ts'
import type { Store } from '../../../store/store.ts'
import { SwrError } from '../errors.ts'
import { levelOf, rankOf } from '../level.ts'
import { withCode } from '../validation.ts'

/** Somebody's level on a namespace or a repository. */
export const UserAuth = z
  .object({
    user_id: z.string(),
    user_name: z.string(),
    auth: z
      .number()
      .refine((level) => rankOf(level) !== undefined, withCode('4001066', 'expected 7 (manage), 3 (edit) or 1 (read)'))
      .openapi({ enum: [1, 3, 7] }),
  })
  .openapi('SwrUserAuth')

/** What a request gives, all of it or nothing. */
export const UserAuths = z.array(UserAuth).min(1).openapi('SwrUserAuths')
export const UserIds = z.array(z.string()).min(1)

type Found = Awaited<ReturnType<typeof accountsBySwrId>>

/** The accounts that a body names, checked or not. */
export function accountsIn(store: Store, body: unknown) {
  const items = Array.isArray(body) ? (body as unknown[]) : []
  const ids = items.map((item) => (typeof item === 'string' ? item : (item as { user_id?: unknown } | null)?.user_id))
  return accountsBySwrId(
    store,
    ids.filter((id) => typeof id === 'string'),
  )
}

/** Each account with its rank. @throws for an unknown or repeated account, a name that is another's, the caller itself */
export function named(auths: readonly z.infer<typeof UserAuth>[], found: Found, { account: self }: Actor) {
  if (new Set(auths.map(({ user_id }) => user_id)).size < auths.length) {
    throw new SwrError('4001067', 'a user is named twice')
  }
  return auths.map(({ user_id: id, user_name: name, auth }) => {
    const account = found.find(({ swrId }) => swrId === id)
    if (account?.username !== name) throw new SwrError('4001067', `there is no user ${name} of the id ${id}`)
    if (account.id === self.id) throw new SwrError('4001066', 'permissions are granted to others')
    return { account, rank: rankOf(auth) }
  })
}

/** The accounts of these ids. @throws for an unknown or repeated one */
export function identified(ids: readonly string[], found: Found) {
  if (new Set(ids).size < ids.length) throw new SwrError('4001067', 'a user is named twice')
  return ids.map((id) => {
    const account = found.find(({ swrId }) => swrId === id)
    if (!account) throw new SwrError('4001067', `there is no user of the id ${id}`)
    return account
  })
}

export const userAuth = (
  { swrId, username }: { swrId: string; username: string },
  rank: number,
): z.infer<typeof UserAuth> => ({ user_id: swrId, user_name: username, auth: levelOf(rank) })

const commonView = { id: z.int(), name: z.string() }
const auths = { self_auth: UserAuth, others_auths: z.array(UserAuth) }
export const NamespaceAuthView = z
  .object({ ...commonView, creator_name: z.string(), ...auths })
  .openapi('SwrNamespaceAuth')
export const RepositoryAuthView = z.object({ ...commonView, ...auths }).openapi('SwrRepositoryAuth')
