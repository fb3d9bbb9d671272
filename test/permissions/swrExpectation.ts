import type { Scope } from '../../src/domain/token/scope.ts'
import type { Target } from './cast.ts'
import type { SwrActor } from './swrCast.ts'

/** What an operation asks for: a level on what its path names, and of OAuth tokens a scope. */
export type SwrGate =
  | { on: 'nothing' }
  | { on: 'account'; scope: Scope | 'none will do'; isForUsers?: true }
  | { on: 'namespace'; level: Level; scope: Scope }
  /** `orNamespace`: this level on the namespace will do as well. */
  | { on: 'repository'; level: Level; scope: Scope; orNamespace?: Level }

type Level = 1 | 3 | 7

/** Seven digits: an error code of the contract. */
export type SwrVerdict = 'passes' | 4010000 | 4040058 | 4040113 | 4030170

const levelOfRank = [0, 1, 3, 7] as const
const broader: Partial<Record<Scope, Scope[]>> = {
  'repo:read': ['repo:write', 'repo:admin'],
  'repo:write': ['repo:admin'],
}

/** Written from the contract, not from the code: 401, then 404 for what the caller may not see, then 403. */
export function swrVerdict(gate: SwrGate, isWrite: boolean, actor: SwrActor, target: Target): SwrVerdict {
  if (gate.on === 'nothing') return 'passes'
  if (!actor.isKnown) return 4010000
  if (gate.on === 'account') {
    return hasScope(actor, gate.scope) && !(gate.isForUsers && actor.isRobot) ? 'passes' : 4030170
  }
  const held = gate.on === 'namespace' ? namespaceLevel(actor, target) : repositoryLevel(actor, target)
  const isThere = gate.on === 'namespace' || target.repository !== 'missing'
  if (!isThere || (held === 0 && !actor.isReadOnlySuperuser)) return gate.on === 'namespace' ? 4040058 : 4040113
  if (!hasScope(actor, gate.scope)) return 4030170
  const looks = gate.level === 1 && !isWrite && actor.isReadOnlySuperuser
  const byNamespace =
    gate.on === 'repository' && gate.orNamespace !== undefined && namespaceLevel(actor, target) >= gate.orNamespace
  return held >= gate.level || byNamespace || looks ? 'passes' : 4030170
}

/** Scopes hide nothing: a token sees what its owner sees, and may do less with it. */
const namespaceLevel = (actor: SwrActor, target: Target) =>
  actor.hasFullAccess ? 7 : (levelOfRank[actor.namespaceRank[target.namespace]] ?? 0)

function repositoryLevel(actor: SwrActor, target: Target): number {
  if (target.repository === 'missing') return 0
  if (namespaceLevel(actor, target) === 7) return 7
  return Math.max(levelOfRank[actor.grantRank] ?? 0, target.repository === 'public' ? 1 : 0)
}

function hasScope({ scopes }: SwrActor, scope: Scope | 'none will do'): boolean {
  if (scopes === 'all') return true
  return scope !== 'none will do' && [scope, ...(broader[scope] ?? [])].some((each) => scopes.has(each))
}
