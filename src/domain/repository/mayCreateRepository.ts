import type { Settings } from '../../settings.ts'
import { type Actor, isRestricted } from '../actor.ts'
import type { Authority } from '../grant/authorize.ts'
import { teamRank } from '../token/scope.ts'

/** Whether the actor may create repositories in a namespace: its own, or as a creator or admin of the organization. */
export const mayCreateRepository = (actor: Actor | undefined, authority: Authority, settings: Settings): boolean =>
  actor !== undefined && authority.namespaceRank >= teamRank('creator') && !isRestricted(actor, settings)
