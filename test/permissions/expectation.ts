import type { Scope } from '../../src/domain/token/scope.ts'
import type { MatrixActor, Target } from './cast.ts'

/**
 * Who passes an operation's gate. `+look`: a read-only superuser passes too. `member` and `admin` are ranks on the
 * namespace; the rest is the caller's own account, a superuser, or anybody.
 */
export type Gate =
  | 'open'
  | 'user'
  | 'repository:read'
  | 'repository:write'
  | 'repository:admin'
  | 'repository:admin+look'
  | 'namespace:member+look'
  | 'namespace:create'
  | 'namespace:admin'
  | 'namespace:admin+look'
  | 'account:read'
  | 'account:admin'
  | 'superuser'
  | 'superuser+look'
  /** Quay keeps other people's app tokens from plain superusers. */
  | 'superuser:full+look'
  /** A robot's permissions are asked for with the scope of accounts. */
  | 'robot:permissions'

export type Verdict = 'passes' | 'unauthenticated' | 'denied' | 'forged'

const cap = (scopes: MatrixActor['scopes'], caps: Partial<Record<Scope, number>>) =>
  scopes === 'all' ? 3 : Math.max(0, ...[...scopes].map((scope) => caps[scope] ?? 0))

/** Written from the contract, not from the code: what the gate has to say. */
export function verdict(gate: Gate, isWrite: boolean, actor: MatrixActor, target: Target): Verdict {
  if (isWrite && actor.looksForged) return 'forged'
  if (passes(gate, actor, target)) return 'passes'
  return actor.isKnown ? 'denied' : 'unauthenticated'
}

function passes(gate: Gate, actor: MatrixActor, target: Target): boolean {
  const [kind, level = ''] = gate.split(':')
  const looks = gate.endsWith('+look') && actor.isReadOnlySuperuser
  switch (kind) {
    case 'open':
      return true
    case 'user':
      return actor.isKnown
    case 'repository':
      return repositoryPasses(level, actor, target) || looks
    case 'namespace': {
      const held = actor.hasFullAccess ? 3 : namespaceRank(actor, target)
      const needed = { member: 1, create: 2, admin: 3 }[level.replace('+look', '')] ?? 9
      return held >= needed || looks
    }
    case 'account': {
      const held = actor.isKnown ? cap(actor.scopes, { 'user:read': 1, 'user:admin': 3 }) : 0
      return held >= (level === 'read' ? 1 : 3)
    }
    case 'robot':
      return passes('account:admin', actor, target) && passes('namespace:admin+look', actor, target)
    case 'superuser':
    case 'superuser+look':
      return (level === 'full+look' ? actor.hasFullAccess : actor.isSuperuser) || looks
    default:
      throw new Error(`no gate ${gate}`)
  }
}

function repositoryPasses(level: string, actor: MatrixActor, target: Target): boolean {
  const needed = { read: 1, write: 2, admin: 3, 'admin+look': 3 }[level] ?? 9
  if (actor.hasFullAccess) return true
  if (needed === 1 && (target.repository === 'public' || actor.isReadOnlySuperuser)) return true
  const namespaceAdmin = actor.isKnown && actor.namespaceRank[target.namespace] === 3
  const held = namespaceAdmin ? 3 : target.repository === 'missing' ? 0 : actor.grantRank
  return Math.min(held, cap(actor.scopes, { 'repo:read': 1, 'repo:write': 2, 'repo:admin': 3 })) >= needed
}

const namespaceRank = (actor: MatrixActor, target: Target) =>
  actor.isKnown
    ? Math.min(actor.namespaceRank[target.namespace], cap(actor.scopes, { 'repo:create': 2, 'org:admin': 3 }))
    : 0
