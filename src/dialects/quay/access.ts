import type { SQL } from 'drizzle-orm'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { type Actor, proveActor } from '../../domain/actor.ts'
import { mayRead, weighRights } from '../../domain/grant/authorize.ts'
import { splitRepositoryPath } from '../../domain/reference.ts'
import { authenticateBasic } from '../../domain/token/authenticateBasic.ts'
import {
  type BasicCredential,
  type Credential,
  decodeBasic,
  parseBasic,
  parseOauthToken,
} from '../../domain/token/credential.ts'
import {
  type RepositoryRole,
  repositoryRank,
  type Scope,
  type TeamRole,
  teamRank,
  userCap,
} from '../../domain/token/scope.ts'
import { callerOf, type Lookup as EdgeLookup, forget } from '../../edge/lookup.ts'
import { respondAndRemember, respondFromEdge } from '../../edge/respond.ts'
import { RegistryError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import {
  accountIdOf,
  isStale,
  noteTokenUse,
  type Principal,
  principalOf,
  principalRow,
} from '../../store/principals.ts'
import {
  namespaceIdOf,
  type RepositoryPath,
  type Rights,
  repositoryIdOf,
  rightsOf,
  rightsRow,
  usernameOf,
} from '../../store/rights.ts'
import type { Rows, Statement, Store } from '../../store/store.ts'
import { checkCsrf, readSession } from './browserSession.ts'
import type { AccountEnv, NamespaceEnv, OrganizationEnv, QuayEnv, RepositoryEnv, SuperuserEnv } from './env.ts'
import { plainError, QuayError } from './errors.ts'
import { type Feature, onlyWith } from './features.ts'

/** The same request, as what is common to all endpoints sees it. */
const plain = <E extends QuayEnv>(c: Context<E>) => c as unknown as Context<QuayEnv>

/** How the OpenAPI document says which scope an endpoint wants. */
const documented = (scope: Scope | undefined) => (scope ? [{ oauth2_implicit: [scope] }] : [])

/** What an endpoint may look at to say what it wants read along with who asks. */
export interface AccountLookup {
  store: Store
  /** The caller's account, as a subquery; null for nobody. */
  accountId: SQL<number | null>
  param(name: string): string
  query(name: string): string | undefined
  /** The JSON body, or undefined where there is none to be had; it has not been checked. */
  body(): Promise<unknown>
  now: Date
  settings: Services['settings']
  vault: Services['vault']
}

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
    /** The answer is kept at the edge, by the repository's version and by these parameters of the query. */
    cached?: { by: readonly string[]; isPersonal?: boolean }
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
    if (hit) return c.newResponse(hit.body, hit)
    const ids = { repositoryId: repositoryIdOf(path), namespaceId: namespaceIdOf(path.namespace) }
    const { rights, rows } = await admit(plain(c), {
      path,
      presented,
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
    await next()
    if (!kept || !rights?.repository) return
    const { badgeToken, generation } = rights.repository
    const { changesAt } = rights
    const facts = { repository: badgeToken, generation, changesAt, callerUntil: c.var.actor?.token?.expiresAt }
    c.res = await respondAndRemember(c.env, kept, facts, c.res, now, c.req.raw)
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
    scope?: Scope | undefined
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
  return { security: documented(undefined), middleware: [middleware] as [typeof middleware] }
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
  return { security: documented(scope), middleware: [middleware] as [typeof middleware] }
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
    scope?: Scope | undefined
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
  always?: boolean
} = {}) {
  const middleware = createMiddleware<AccountEnv<Rows<A>>>(async (c, next) => {
    const { rows } = await admit(plain(c), { along, always })
    c.set('along', rows as Rows<A>)
    await next()
  })
  return { security: documented(scope), middleware: [middleware] as [typeof middleware] }
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

interface Presented {
  credential: Credential
  /** The same, where it has a secret to be checked that only the account knows. */
  basic?: BasicCredential
  session: QuayEnv['Variables']['session']
}

/** What the caller shows: a bearer token, or else a browser's session. @throws 401 for a token of a foreign issuer */
async function presentedBy(c: Context<QuayEnv>, acceptsBasic = false): Promise<Presented> {
  const header = c.req.header('authorization')
  const login = acceptsBasic ? decodeBasic(header ?? '') : undefined
  if (login) {
    const basic = await parseBasic(login.username, login.password)
    return { session: undefined, credential: basic, basic }
  }
  const bearer = parseBearer(header)
  if (bearer && isJsonWebToken(bearer)) throw plainError(401, `Issuer ${issuerOf(bearer)} not configured`)
  const session = await readSession(c)
  return { session, credential: bearer ? await parseOauthToken(bearer) : sessionCredential(session) }
}

/** The request as the edge knows it: equal requests of one caller have equal keys, whatever else stands in their query. */
function edgeLookup(
  c: Context<QuayEnv>,
  credential: Credential,
  path: RepositoryPath,
  { by, isPersonal = false }: { by: readonly string[]; isPersonal?: boolean },
): EdgeLookup {
  const given = by.map((name) => [name, c.req.query(name)] as const).filter(([, value]) => value !== undefined)
  const query = given.map(([name, value]) => `${name}=${encodeURIComponent(value ?? '')}`).join('&')
  const route = c.req.path.slice(c.req.path.indexOf('/repository/'))
  return {
    dialect: 'quay',
    caller: callerOf(credential),
    path: `${path.namespace}/${path.name}`,
    variant: `${route}?${query}`,
    isPersonal,
  }
}

interface Admission {
  /** What the caller shows, where it has been looked at already. */
  presented?: Presented
  /** What the caller's rights are wanted on; `own` is the namespace that the caller is. */
  path?: RepositoryPath | 'own'
  /** What else to read in the same batch. */
  along?: ((lookup: AccountLookup) => readonly Statement[] | Promise<readonly Statement[]>) | undefined
  /** Whether the endpoint is there for signing in and out: then neither a read-only registry nor a private one refuses. */
  always?: boolean
}

/** Finds out who asks and what they hold, in one batch with what else was asked for, and turns away forged requests. */
export async function admit(
  c: Context<QuayEnv>,
  { path, along, presented, always = false }: Admission = {},
): Promise<{ rights: Rights | undefined; rows: unknown[] }> {
  const { credential, session, basic } = presented ?? (await presentedBy(c))
  c.set('session', session)
  const { principal, rights, rows } = await readAlong(c, credential, { path, along })
  const actor = basic
    ? await basicActor(c, basic, principal)
    : proveActor(credential, principal, c.env.settings, c.env.now())
  c.set('actor', actor)
  if (actor) noteUse(c, actor, principal)
  await turnAwayForged(c, actor, { always })
  return { rights, rows }
}

/** The actor whose secret was given; a wrong one is nobody's. */
async function basicActor(c: Context<QuayEnv>, credential: BasicCredential, principal: Principal | undefined) {
  const verdict = await authenticateBasic(c.env, credential, principal)
  return 'actor' in verdict ? verdict.actor : undefined
}

/** The account behind a credential, its rights, and the endpoint's own rows: one batch. */
export async function readAlong(c: Context<QuayEnv>, credential: Credential, { path, along }: Admission) {
  const { store, settings, vault } = c.env
  c.set('ip', c.req.header('cf-connecting-ip'))
  const accountId = accountIdOf(credential)
  const more = await along?.({
    store,
    accountId,
    param: (name) => c.req.param(name) ?? '',
    query: (name) => c.req.query(name),
    body: () => c.req.json().catch(() => undefined),
    now: c.env.now(),
    settings,
    vault,
  })
  const who = principalRow(store, credential)
  const asked = path === 'own' ? { namespace: usernameOf(accountId), name: '' } : path
  const statements = [who, ...(asked ? [rightsRow(store, accountId, asked, c.env.now())] : []), ...(more ?? [])]
  const [[row], ...rows] = (await store.batch(statements)) as [Awaited<typeof who>, ...unknown[]]
  const rights = path ? rightsOf((rows.shift() as Awaited<ReturnType<typeof rightsRow>>)[0]) : undefined
  return { principal: principalOf(row), rights, rows }
}

/** @throws where a browser's request lacks its session's token, or the registry takes no such request now */
export async function turnAwayForged(
  c: Context<QuayEnv>,
  actor: Actor | undefined,
  { always = false }: { always?: boolean } = {},
): Promise<void> {
  const { settings } = c.env
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
    if (!actor?.token) await checkCsrf(c, c.var.session, actor)
    if (settings.REGISTRY_STATE === 'readonly' && !always) {
      const message = 'System is currently read-only. Pulls will succeed but all write operations are suspended.'
      throw new QuayError(503, { message, is_readonly: true })
    }
  }
  if (!actor && !settings.FEATURE_ANONYMOUS_ACCESS && !always) throw plainError(401, 'Anonymous access is not allowed')
}

/** Keeps when a token was last used; the request does not wait for it. */
function noteUse(c: Context<QuayEnv>, { token }: Actor, principal: Principal | undefined): void {
  const { store, now, waitUntil } = c.env
  const stale = isStale(principal?.token?.lastAccessedAt, now())
  if (token && stale) waitUntil(store.batch([noteTokenUse(store, token.id, now())]))
}

/** The value of `Authorization: Bearer …`; runs of spaces around and between its two parts are accepted. */
function parseBearer(header: string | undefined): string | undefined {
  return /^ *bearer +(\S+) *$/i.exec(header ?? '')?.[1]
}

export function sessionCredential(session: QuayEnv['Variables']['session']): Credential {
  if (!session?.accountUuid) return { kind: 'none' }
  return { kind: 'session', uuid: session.accountUuid, signedInAt: new Date(session.signedInAt ?? 0) }
}

function jsonSegment(token: string, index: number): Record<string, unknown> | undefined {
  try {
    const text = token.split('.')[index] ?? ''
    const value: unknown = JSON.parse(atob(text.replaceAll('-', '+').replaceAll('_', '/')))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

const isJsonWebToken = (token: string) =>
  token.split('.').length === 3 && ['JWT', 'at+jwt'].includes(String(jsonSegment(token, 0)?.typ))

const issuerOf = (token: string) => String(jsonSegment(token, 1)?.iss ?? 'None')
