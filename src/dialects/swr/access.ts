import type { SQL } from 'drizzle-orm'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Actor } from '../../domain/actor.ts'
import { type Authority, mayRead, weighRights } from '../../domain/grant/authorize.ts'
import {
  coversScopes,
  type RepositoryRole,
  repositoryRank,
  type Scope,
  type TeamRole,
  teamRank,
} from '../../domain/token/scope.ts'
import { callerOf, type Lookup as EdgeLookup, forget } from '../../edge/lookup.ts'
import { noteText, replace, respondAndRemember, respondFromEdge } from '../../edge/respond.ts'
import { RegistryError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { accountIdOf, isStale, noteTokenUse } from '../../store/principals.ts'
import { namespaceIdOf, type RepositoryPath, type Rights, repositoryIdOf } from '../../store/rights.ts'
import { readStanding } from '../../store/standing.ts'
import type { Rows, Statement, Store } from '../../store/store.ts'
import { actorBehind, type Presented, presentedBy } from './credential.ts'
import type { AccountEnv, NamespaceEnv, RepositoryEnv, SwrEnv } from './env.ts'

/** The same request, as what is common to all endpoints sees it. */
const plain = <E extends SwrEnv>(c: Context<E>) => c as unknown as Context<SwrEnv>

/** How the OpenAPI document says what an endpoint wants; scopes cap OAuth tokens only. */
const documented = (scope: Scope | undefined): Record<string, string[]>[] => [
  { x_auth_token: scope ? [scope] : [] },
  { sdk_hmac_sha256: [] },
]

/** What an endpoint may look at to say what it wants read along with who asks. */
export interface AccountLookup {
  store: Store
  /** The caller's account, as a subquery; null for nobody. */
  accountId: SQL<number | null>
  param(name: string): string
  /** A parameter of the query; the first one counts. */
  query(name: string): string | undefined
  /** The JSON body, or undefined where there is none to be had; it has not been checked. */
  body(): Promise<unknown>
  now: Date
  settings: Services['settings']
  bookmarks: Services['bookmarks']
}

/** The same, where the path names a namespace. */
export interface NamespaceLookup extends AccountLookup {
  namespaceId: SQL<number>
}

/** The same, where the path names a repository. */
export interface Lookup extends NamespaceLookup {
  repositoryId: SQL<number>
}

/** Statements to read. What it throws instead is told to callers who are known. */
type Along<L, A> = (lookup: L) => A | Promise<A>

/**
 * The endpoint acts on the repository of its path, and the caller needs this role on it. Who asks, what they hold and
 * what the endpoint wants to know (`along`) travel to the store as one batch. Order of refusals: 401, 400, 404, 403.
 */
export function onRepository<const A extends readonly Statement[] = readonly []>(
  role: RepositoryRole,
  {
    scope = `repo:${role}`,
    along,
    cached,
    orNamespace,
  }: {
    scope?: Scope
    along?: Along<Lookup, A>
    /** The answer is kept at the edge, by the repository's version and by these parameters of the query. */
    cached?: { by: readonly string[] }
    /** This role on the namespace will do as well. */
    orNamespace?: TeamRole
  } = {},
) {
  const middleware = createMiddleware<RepositoryEnv<Rows<A>>>(async (c, next) => {
    const path = { namespace: c.req.param('namespace') ?? '', name: repositoryName(c.req.param('repository') ?? '') }
    const now = c.env.now()
    const presented = await presentedBy(plain(c))
    const kept = cached && edgeLookup(plain(c), presented, path, cached.by)
    const hit = kept && (await respondFromEdge(c.env, kept, c.req.raw))
    if (hit) return hit.response
    const ids = { repositoryId: repositoryIdOf(path), namespaceId: namespaceIdOf(path.namespace) }
    const { rights, rows, changesAt } = await admit(plain(c), {
      path,
      presented,
      isKept: kept !== undefined,
      along: (lookup) => along?.({ ...lookup, ...ids }) ?? [],
    })
    c.set('granted', () => {
      const { actor } = c.var
      const authority = unscoped(actor, rights, c.env.settings)
      if (!rights) throw namespaceUnknown(path.namespace)
      if (!rights.repository || !mayRead(authority)) {
        throw new RegistryError('repository_unknown', `image ${path.namespace}/${path.name} does not exist`)
      }
      requireScope(actor, scope)
      const looks = role === 'read' && authority.readsEverything
      const enough =
        authority.repositoryRank >= repositoryRank(role) ||
        (orNamespace && authority.namespaceRank >= teamRank(orNamespace))
      if (!enough && !looks) throw new RegistryError('denied', 'insufficient permissions on the image')
      if (c.req.method !== 'GET' && rights.repository.state !== 'NORMAL') {
        throw new RegistryError('read_only', 'the image takes no changes at present')
      }
      const { namespace, repository } = rights
      return { actor, namespace, repository, authority, along: rows as Rows<A> }
    })
    if (c.req.method !== 'GET') {
      // Also after an error: a change may have been made before it.
      return next().finally(() => forget(c.env, `${path.namespace}/${path.name}`))
    }
    if (kept) noteText(c as never)
    await next()
    if (!kept || !rights?.repository) return
    const { badgeToken, generation } = rights.repository
    const facts = { repository: badgeToken, generation, changesAt, callerUntil: c.var.actor?.token?.expiresAt }
    replace(c, await respondAndRemember(c.env, kept, facts, c.res, now, c.req.raw))
  })
  return { security: documented(scope), middleware: [middleware] as [typeof middleware] }
}

/** The endpoint acts on the namespace of its path, and the caller needs this role on it. */
export function onNamespace<const A extends readonly Statement[] = readonly []>(
  role: TeamRole,
  { scope, along }: { scope: Scope; along?: Along<NamespaceLookup, A> },
) {
  const middleware = createMiddleware<NamespaceEnv<Rows<A>>>(async (c, next) => {
    const name = c.req.param('namespace') ?? ''
    const { rights, rows } = await admit(plain(c), {
      path: { namespace: name, name: '' },
      along: (lookup) => along?.({ ...lookup, namespaceId: namespaceIdOf(name) }) ?? [],
    })
    c.set('granted', () => {
      const { actor } = c.var
      const authority = unscoped(actor, rights, c.env.settings)
      const looks = role === 'member' && authority.readsEverything
      if (!rights || (authority.namespaceRank === 0 && !authority.readsEverything)) throw namespaceUnknown(name)
      requireScope(actor, scope)
      if (authority.namespaceRank < teamRank(role) && !looks) {
        throw new RegistryError('denied', 'insufficient permissions on the organization')
      }
      return { actor, namespace: rights.namespace, authority, along: rows as Rows<A> }
    })
    await next()
  })
  return { security: documented(scope), middleware: [middleware] as [typeof middleware] }
}

/** Any account that is known is let in. */
export function onAccount<const A extends readonly Statement[] = readonly []>({
  scope,
  along,
}: {
  /** Undefined: no OAuth token will do. */
  scope: Scope | undefined
  along?: Along<AccountLookup, A>
}) {
  const middleware = createMiddleware<AccountEnv<Rows<A>>>(async (c, next) => {
    const { rows } = await admit(plain(c), { along })
    c.set('granted', () => {
      const { actor } = c.var
      requireScope(actor, scope)
      return { actor, along: rows as Rows<A> }
    })
    await next()
  })
  return { security: documented(scope), middleware: [middleware] as [typeof middleware] }
}

/** Slashes in a repository's name travel as `$`. */
export const repositoryName = (text: string) => text.replaceAll('$', '/')

const namespaceUnknown = (name: string) => new RegistryError('namespace_unknown', `organization ${name} does not exist`)

/** Scopes cap nothing here: what lacks the scope is told so, where its owner may see the object. */
const unscoped = (actor: Actor, rights: Rights | undefined, settings: Services['settings']): Authority =>
  weighRights({ ...actor, scopes: 'all' }, rights, settings)

/** @throws `denied` for an OAuth token without the scope */
export function requireScope({ scopes }: Actor, scope: Scope | undefined) {
  if (scopes !== 'all' && !(scope && coversScopes(scopes, new Set([scope])))) {
    throw new RegistryError('denied', scope ? `the token lacks the scope ${scope}` : 'OAuth tokens may not do this')
  }
}

interface Admission {
  /** What the caller shows, where it has been looked at already. */
  presented?: Presented
  /** What the caller's rights are wanted on. */
  path?: RepositoryPath
  /** The answer will be kept at the edge. */
  isKept?: boolean
  along?: Along<AccountLookup, readonly Statement[]> | undefined
}

/** Finds out who asks and what they hold, in one batch with what else was asked for. @throws 401, then 400 */
export async function admit(c: Context<SwrEnv>, { path, along, presented, isKept = false }: Admission = {}) {
  const { store, settings } = c.env
  const now = c.env.now()
  const shown = presented ?? (await presentedBy(c))
  const accountId = accountIdOf(shown.credential)
  let more: readonly Statement[] = []
  let refusal: unknown
  try {
    more = (await along?.(lookupOf(c, accountId, now))) ?? []
  } catch (error) {
    refusal = error
  }
  const { credential } = shown
  const { principal, ...found } = await readStanding(store, { credential, path, now, wantsChange: isKept }, more)
  const actor = await actorBehind(c, shown, principal)
  if (refusal) throw refusal
  c.set('actor', actor)
  c.set('ip', c.req.header('cf-connecting-ip'))
  if (c.req.method !== 'GET' && settings.REGISTRY_STATE === 'readonly') {
    throw new RegistryError('read_only', 'the registry takes no changes at present')
  }
  if (actor.token && isStale(principal?.token?.lastAccessedAt, now)) {
    c.env.waitUntil(store.batch([noteTokenUse(store, actor.token.id, now)]))
  }
  return found
}

const lookupOf = (c: Context<SwrEnv>, accountId: SQL<number | null>, now: Date): AccountLookup => ({
  store: c.env.store,
  accountId,
  param: (name) => c.req.param(name) ?? '',
  query: (name) => c.req.queries(name)?.[0],
  body: () => c.req.json().catch(() => undefined),
  now,
  settings: c.env.settings,
  bookmarks: c.env.bookmarks,
})

/** The request as the edge knows it. A signature proves one request only: who signs is asked for anew. */
function edgeLookup(
  c: Context<SwrEnv>,
  { credential }: Presented,
  path: RepositoryPath,
  by: readonly string[],
): EdgeLookup | undefined {
  if (credential.kind === 'accessKey') return undefined
  const given = c.req.query()
  const asked = by.filter((name) => given[name] !== undefined)
  const query = asked.map((name) => `${name}=${encodeURIComponent(given[name] ?? '')}`).join('&')
  // The answer names the host.
  const [, , host] = c.req.url.split('/', 3)
  return {
    dialect: 'swr',
    caller: callerOf(credential),
    path: `${path.namespace}/${path.name}`,
    variant: `${host}${c.req.path}?${query}`,
    isPersonal: false,
  }
}
