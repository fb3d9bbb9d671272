import type { SQL } from 'drizzle-orm'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Actor } from '../../domain/actor.ts'
import { mayRead, weighRights } from '../../domain/grant/authorize.ts'
import { splitRepositoryPath } from '../../domain/reference.ts'
import type { Credential } from '../../domain/token/credential.ts'
import {
  type RepositoryRole,
  repositoryRank,
  type Scope,
  type TeamRole,
  teamRank,
  userCap,
} from '../../domain/token/scope.ts'
import { callerOf, type Lookup as EdgeLookup, forget } from '../../edge/lookup.ts'
import { noteText, replace, respondAndRemember, respondFromEdge } from '../../edge/respond.ts'
import { RegistryError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { namespaceIdOf, type RepositoryPath, repositoryIdOf } from '../../store/rights.ts'
import type { Rows, Statement } from '../../store/store.ts'
import { type AccountLookup, type Always, admit, presentedBy } from './admission.ts'
import type { AccountEnv, NamespaceEnv, OrganizationEnv, QuayEnv, RepositoryEnv, SuperuserEnv } from './env.ts'
import { type Feature, onlyWith, wantsFreshLogin } from './features.ts'

/** The same request, as what is common to all endpoints sees it. */
const plain = <E extends QuayEnv>(c: Context<E>) => c as unknown as Context<QuayEnv>

/** How the OpenAPI document says which scope an endpoint wants. */
const documented = (scope: Scope | null) => (scope ? [{ oauth2_implicit: [scope] }] : [])

/** The same, where the path names a namespace. */
export interface NamespaceLookup extends AccountLookup {
  namespaceId: SQL<number>
}

/** The same, where the path names a repository. */
export interface Lookup extends NamespaceLookup {
  /** The repository that the path names, as a subquery. */
  repositoryId: SQL<number>
}

type Along<L, A extends readonly Statement[]> = (lookup: L) => A | Promise<A>

/** How an answer is kept at the edge: by the repository's version, and by these parameters of the query. */
interface Cached {
  by: readonly string[]
  /** It says something about the caller, too. */
  isPersonal?: boolean
  /** With this parameter it also says what changes without a new version. */
  unless?: string
}

interface Guard {
  /** Also refuses a repository that takes no changes now (503). */
  mustBeWritable?: boolean
}

/**
 * The endpoint acts on the repository of its path, and the caller needs this role on it. Who asks, what they hold and
 * what the endpoint wants to know (`along`) travel to the store as one batch.
 */
export function onRepository<const A extends readonly Statement[] = readonly []>(
  role: RepositoryRole,
  {
    along,
    mustBeWritable,
    readOnlySuperuserMayLook,
    cached,
    mayBeMissing,
    acceptsBasic = false,
  }: Guard & {
    along?: Along<Lookup, A>
    cached?: Cached
    /** Of a GET that wants more than `read`: read-only superusers pass too. */
    readOnlySuperuserMayLook?: boolean
    /** Who holds the role on a name that no repository has is let in: what was read along is then empty. */
    mayBeMissing?: boolean
    /** Callers may show what `docker login` takes, too; scanners do. */
    acceptsBasic?: boolean
  } = {},
) {
  const middleware = createMiddleware<RepositoryEnv<Rows<A>>>(async (c, next) => {
    const path = splitRepositoryPath(c.req.param('repository') ?? '')
    if (!path) throw new RegistryError('not_found', 'no repository is called this')
    const now = c.env.now()
    const presented = await presentedBy(plain(c), acceptsBasic)
    const kept = cached && edgeLookup(plain(c), presented.credential, path, cached)
    const hit = kept && (await respondFromEdge(c.env, kept, c.req.raw))
    if (hit) return hit.response
    const ids = { repositoryId: repositoryIdOf(path), namespaceId: namespaceIdOf(path.namespace) }
    const { rights, rows, changesAt } = await admit(plain(c), {
      path,
      presented,
      isKept: kept !== undefined,
      always: acceptsBasic,
      along: (lookup) => along?.({ ...lookup, ...ids }) ?? [],
    })
    if (acceptsBasic && !c.var.actor && !c.env.settings.FEATURE_ANONYMOUS_ACCESS) refuse(undefined)
    const authority = weighRights(c.var.actor, rights, c.env.settings)
    const looks = role === 'read' || readOnlySuperuserMayLook
    const passes =
      authority.repositoryRank >= repositoryRank(role) || (looks && mayRead(authority) && authority.readsEverything)
    if (!passes) refuse(c.var.actor)
    if (rights?.repository && mustBeWritable && rights.repository.state !== 'NORMAL') {
      throw new RegistryError(
        'read_only',
        `Repository is in read only or mirror mode: ${stateNumbers[rights.repository.state]}`,
      )
    }
    if (!rights || (!rights.repository && !mayBeMissing)) {
      c.set('missing', new RegistryError('repository_unknown', `no repository ${path.namespace}/${path.name}`))
    }
    if (rights) c.set('namespace', rights.namespace)
    if (rights?.repository) c.set('repository', rights.repository)
    c.set('authority', authority)
    c.set('along', rows as Rows<A>)
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
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
  return { security: documented(`repo:${role}`), middleware: [middleware] as [typeof middleware] }
}

const stateNumbers = { NORMAL: 0, READ_ONLY: 1, MIRROR: 2, MARKED_FOR_DELETION: 3, ORG_MIRROR: 4 } as const

/**
 * The endpoint acts on a namespace: the organization of its path's `{orgname}`, or what `named` finds. Its body is checked
 * first, as in Quay; then the handler asks for what it was granted.
 */
export function onNamespace<const A extends readonly Statement[] = readonly []>(
  role: TeamRole,
  {
    along,
    scope = 'org:admin',
    readOnlySuperuserMayLook = false,
    kind = 'organization',
    named = (c) => c.req.param('orgname'),
    missing = (name) => new RegistryError('namespace_unknown', `no namespace ${name}`),
    refused = refuse,
  }: {
    along?: Along<NamespaceLookup, A>
    /** Null: the documents name none. */
    scope?: Scope | null
    readOnlySuperuserMayLook?: boolean
    /** `any`: users act on their own names too. Otherwise these are missing, to those who may know it. */
    kind?: 'organization' | 'any'
    /** Where it names none, the namespace is the caller's own. */
    named?: (c: Context<QuayEnv>) => string | undefined | Promise<string | undefined>
    /** What a caller hears who has every right on a namespace that is not there. */
    missing?: (name: string) => RegistryError
    /** Throws what a caller without the role hears. */
    refused?: (actor: Actor | undefined) => never
  } = {},
) {
  const middleware = createMiddleware<NamespaceEnv<Rows<A>>>(async (c, next) => {
    const namespace = await named(plain(c))
    const { rights, rows } = await admit(plain(c), {
      path: namespace === undefined ? 'own' : { namespace, name: '' },
      along: ({ accountId, ...lookup }) => {
        const namespaceId = namespace === undefined ? (accountId as SQL<number>) : namespaceIdOf(namespace)
        return along?.({ ...lookup, accountId, namespaceId }) ?? []
      },
    })
    c.set('along', rows as Rows<A>)
    c.set('granted', () => {
      const authority = weighRights(c.var.actor, rights, c.env.settings)
      const passes =
        authority.namespaceRank >= teamRank(role) || (readOnlySuperuserMayLook && authority.readsEverything)
      if (!passes || !c.var.actor) refused(c.var.actor)
      if (!rights || (kind === 'organization' && rights.namespace.kind !== kind)) throw missing(namespace ?? '')
      return { namespace: rights.namespace, authority, actor: c.var.actor as Actor }
    })
    await next()
  })
  return { security: documented(scope), middleware: [middleware] as [typeof middleware] }
}

/** Whoever asks may look at the organization of the path's `{orgname}`; how much they see depends on their authority. */
export function onOpenOrganization<const A extends readonly Statement[]>(along: Along<NamespaceLookup, A>) {
  const middleware = createMiddleware<OrganizationEnv<Rows<A>>>(async (c, next) => {
    const namespace = c.req.param('orgname') ?? ''
    const ids = { namespaceId: namespaceIdOf(namespace) }
    const { rights, rows } = await admit(plain(c), {
      path: { namespace, name: '' },
      along: (lookup) => along({ ...lookup, ...ids }),
    })
    if (rights?.namespace.kind !== 'organization') {
      throw new RegistryError('namespace_unknown', `no organization ${namespace}`)
    }
    c.set('namespace', rights.namespace)
    c.set('authority', weighRights(c.var.actor, rights, c.env.settings))
    c.set('along', rows as Rows<A>)
    await next()
  })
  return { security: documented(null), middleware: [middleware] as [typeof middleware] }
}

/** The endpoint acts on the caller's own account. `freshly`: a browser must have given its password lately. */
export function onOwnAccount<const A extends readonly Statement[] = readonly []>(
  right: 'read' | 'admin',
  {
    along,
    scope = `user:${right}`,
    freshly = false,
    always = false,
  }: { along?: Along<AccountLookup, A>; scope?: Scope; freshly?: boolean; always?: boolean } = {},
) {
  const middleware = createMiddleware<AccountEnv<Rows<A>> & { Variables: { actor: Actor } }>(async (c, next) => {
    const { rows } = await admit(plain(c), { along, always })
    requireUser(c.var.actor, right)
    if (freshly) requireFreshLogin(c.var.actor, c.env)
    c.set('along', rows as Rows<A>)
    await next()
  })
  return {
    security: documented(scope),
    middleware: [middleware] as [typeof middleware],
    ...(freshly && wantsFreshLogin),
  }
}

/**
 * The endpoint is the superusers': who asks must be signed in (`freshly`, in a browser), then the body is checked, then
 * the handler asks for what it was granted. Read-only superusers may `read`.
 */
export function onSuperuser<const A extends readonly Statement[] = readonly []>(
  right: 'read' | 'write',
  {
    along,
    scope = 'super:user',
    freshly = true,
    features = [],
    refused = refuse,
  }: {
    along?: Along<AccountLookup, A>
    /** Null: the documents name none. */
    scope?: Scope | null
    freshly?: boolean
    features?: Feature[]
    /** Throws what a caller who is no superuser hears. */
    refused?: (actor: Actor | undefined) => never
  } = {},
) {
  const middleware = createMiddleware<SuperuserEnv<Rows<A>>>(async (c, next) => {
    const { rows } = await admit(plain(c), { along })
    if (freshly) requireFreshLogin(c.var.actor, c.env)
    c.set('granted', () => {
      const { actor } = c.var
      if (actor?.isSuperuser || (right === 'read' && actor?.isReadOnlySuperuser)) return actor
      return refused(actor)
    })
    c.set('along', rows as Rows<A>)
    await next()
  })
  return {
    security: documented(scope),
    middleware: [middleware] as [typeof middleware],
    ...onlyWith('FEATURE_SUPER_USERS', ...features),
    ...(freshly && wantsFreshLogin),
  }
}

/** Whoever asks is let in; the endpoint only hears who it is. `always`: even where anonymous or writing requests are not. */
export function openToAll<const A extends readonly Statement[] = readonly []>({
  along,
  scope,
  always = false,
}: {
  along?: Along<AccountLookup, A>
  scope?: Scope
  always?: Always
} = {}) {
  const middleware = createMiddleware<AccountEnv<Rows<A>>>(async (c, next) => {
    const { rows } = await admit(plain(c), { along, always })
    c.set('along', rows as Rows<A>)
    await next()
  })
  return { security: documented(scope ?? null), middleware: [middleware] as [typeof middleware] }
}

/** After repositories went away: what was kept of them at this edge has to be asked anew. */
export const forgetAll = (services: Services, paths: readonly string[]) =>
  Promise.all(paths.map((path) => forget(services, path)))

/** Nobody is asked who they are: what the endpoint says is the same for everyone. */
export function openWithoutLogin() {
  const middleware = createMiddleware<QuayEnv>(async (c, next) => {
    c.set('ip', c.req.header('cf-connecting-ip'))
    await next()
  })
  return { security: [], middleware: [middleware] as [typeof middleware] }
}

/** @throws the refusal that fits: 401 for nobody, 403 for somebody */
export function refuse(actor: Actor | undefined): never {
  if (!actor) throw new RegistryError('unauthenticated', 'nobody is signed in')
  throw new RegistryError('denied', 'the caller or its token may not do this')
}

/** @throws a refusal unless a user asks, whose token reaches as far as this */
export function requireUser(actor: Actor | undefined, right: 'read' | 'admin'): asserts actor is Actor {
  if (!actor) refuse(actor)
  const enough = actor.account.kind === 'user' && userCap(actor.scopes) >= (right === 'read' ? 1 : 3)
  if (!enough) refuse(actor)
}

/** A token passes; a browser must have given its password within FRESH_LOGIN_TIMEOUT; a robot or nobody is refused. */
export function requireFreshLogin(actor: Actor | undefined, { settings, now }: Services): asserts actor is Actor {
  if (actor?.account.kind !== 'user') refuse(actor)
  if (actor.token || !actor.account.passwordHash) return
  const age = now().getTime() - (actor.signedInAt?.getTime() ?? 0)
  if (age > settings.FRESH_LOGIN_TIMEOUT * 1000)
    throw new RegistryError('fresh_login_required', 'the last login is too old')
}

/** The request as the edge knows it: equal requests of one caller have equal keys, whatever else stands in their query. */
function edgeLookup(
  c: Context<QuayEnv>,
  credential: Credential,
  path: RepositoryPath,
  { by, isPersonal = false, unless }: Cached,
): EdgeLookup | undefined {
  const given = c.req.query()
  if (unless !== undefined && given[unless] !== undefined) return undefined
  const asked = by.filter((name) => given[name] !== undefined)
  const query = asked.map((name) => `${name}=${encodeURIComponent(given[name] ?? '')}`).join('&')
  const route = c.req.path.slice(c.req.path.indexOf('/repository/'))
  return {
    dialect: 'quay',
    caller: callerOf(credential),
    path: `${path.namespace}/${path.name}`,
    variant: `${route}?${query}`,
    isPersonal,
  }
}
