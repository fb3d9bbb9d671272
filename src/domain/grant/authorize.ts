import type { Settings } from '../../settings.ts'
import type { Rights } from '../../store/rights.ts'
import { type Actor, hasFullAccess } from '../actor.ts'
import { repositoryCap, teamCap } from '../token/scope.ts'

/** What an actor may do with a namespace and a repository in it. Ranks are 0 to 3, see `domain/token/scope.ts`. */
export interface Authority {
  /** On the repository, or on a repository of that name if there were one: none, read, write, admin. */
  repositoryRank: number
  /** On the namespace: none, member, creator, admin. */
  namespaceRank: number
  /** May look at what only admins see, and change nothing. */
  readsEverything: boolean
  hasFullAccess: boolean
}

/** The effective right: what the account holds, capped by its token's scopes. Who sees a public repository may read it. */
export function weighRights(actor: Actor | undefined, rights: Rights | undefined, settings: Settings): Authority {
  const full = hasFullAccess(actor, settings)
  const owns = Boolean(actor && rights && rights.namespace.id === actor.account.id)
  const teamRank = owns ? 3 : (rights?.teamRank ?? 0)
  const heldRank = teamRank === 3 ? 3 : (rights?.grantRank ?? 0)
  const cappedRank = actor ? Math.min(heldRank, repositoryCap(actor.scopes)) : 0
  const publicRank = rights?.repository?.isPublic ? 1 : 0
  return {
    repositoryRank: full ? 3 : Math.max(cappedRank, publicRank),
    namespaceRank: full ? 3 : actor ? Math.min(teamRank, teamCap(actor.scopes)) : 0,
    readsEverything: full || Boolean(actor?.isReadOnlySuperuser),
    hasFullAccess: full,
  }
}

/** Whether the actor may read the repository. */
export const mayRead = (authority: Authority) => authority.repositoryRank >= 1 || authority.readsEverything
