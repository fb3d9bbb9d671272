import type { SQL } from 'drizzle-orm'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { type Actor, proveActor } from '../../domain/actor.ts'
import { mayRead, weighRights } from '../../domain/grant/authorize.ts'
import { splitRepositoryPath } from '../../domain/reference.ts'
import { type Credential, parseOauthToken } from '../../domain/token/credential.ts'
import {
  type RepositoryRole,
  repositoryRank,
  type Scope,
  type TeamRole,
  teamRank,
  userCap,
} from '../../domain/token/scope.ts'
import { RegistryError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { accountIdOf, principalOf, principalRow } from '../../store/principals.ts'
import {
  namespaceIdOf,
  type RepositoryPath,
  type Rights,
  repositoryIdOf,
  rightsOf,
  rightsRow,
} from '../../store/rights.ts'
import type { Rows, Statement, Store } from '../../store/store.ts'
import { checkCsrf, readSession } from './browserSession.ts'
import type { NamespaceEnv, QuayEnv, RepositoryEnv } from './env.ts'
import { plainError, QuayError } from './errors.ts'

/** The same request, as what is common to all endpoints sees it. */
const plain = <E extends QuayEnv>(c: Context<E>) => c as unknown as Context<QuayEnv>

/** How the OpenAPI document says which scope an endpoint wants. */
const documented = (scope: Scope | undefined) => (scope ? [{ oauth2_implicit: [scope] }] : [])

/** What an endpoint may look at to say what it wants read along with the caller's rights. */
export interface Lookup {
  store: Store
  /** The repository that the path names, as a subquery. */
  repositoryId: SQL<number>
  namespaceId: SQL<number>
  param(name: string): string
  query(name: string): string | undefined
  /** The JSON body, or undefined where there is none to be had; it has not been checked. */
  body(): Promise<unknown>
  now: Date
  settings: Services['settings']
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
  }: Guard & {
    along?: (lookup: Lookup) => A | Promise<A>
    /** Of a GET that wants more than `read`: read-only superusers pass too. */
    readOnlySuperuserMayLook?: boolean
  } = {},
) {
  const middleware = createMiddleware<RepositoryEnv<Rows<A>>>(async (c, next) => {
    const path = splitRepositoryPath(c.req.param('repository') ?? '')
    if (!path) throw new RegistryError('not_found', 'no repository is called this')
    const lookup: Lookup = {
      store: c.env.store,
      repositoryId: repositoryIdOf(path),
      namespaceId: namespaceIdOf(path.namespace),
      param: (name) => c.req.param(name) ?? '',
      query: (name) => c.req.query(name),
      body: () => c.req.json().catch(() => undefined),
      now: c.env.now(),
      settings: c.env.settings,
    }
    const { rights, rows } = await admit(plain(c), path, along ? await along(lookup) : [])
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
    if (!rights?.repository)
      throw new RegistryError('repository_unknown', `no repository ${path.namespace}/${path.name}`)
    c.set('namespace', rights.namespace)
    c.set('repository', rights.repository)
    c.set('authority', authority)
    c.set('along', rows as Rows<A>)
    await next()
  })
  return { security: documented(`repo:${role}`), middleware: [middleware] as [typeof middleware] }
}

const stateNumbers = { NORMAL: 0, READ_ONLY: 1, MIRROR: 2, MARKED_FOR_DELETION: 3, ORG_MIRROR: 4 } as const

/**
 * The endpoint acts on a namespace: that of its path's `{orgname}`, or what `named` finds. Its body is checked first, as
 * in Quay; then the handler asks for what it was granted.
 */
export function onNamespace(
  role: TeamRole,
  {
    scope = 'org:admin',
    readOnlySuperuserMayLook = false,
    named = (c) => c.req.param('orgname'),
  }: {
    scope?: Scope | undefined
    readOnlySuperuserMayLook?: boolean
    named?: (c: Context<QuayEnv>) => string | undefined | Promise<string | undefined>
  } = {},
) {
  const middleware = createMiddleware<NamespaceEnv>(async (c, next) => {
    const namespace = (await named(plain(c))) ?? ''
    const { rights } = await admit(plain(c), { namespace, name: '' }, [])
    c.set('granted', () => {
      const authority = weighRights(c.var.actor, rights, c.env.settings)
      const passes =
        authority.namespaceRank >= teamRank(role) || (readOnlySuperuserMayLook && authority.readsEverything)
      if (!passes || !c.var.actor) refuse(c.var.actor)
      if (!rights) throw new RegistryError('namespace_unknown', `no namespace ${namespace}`)
      return { namespace: rights.namespace, authority, actor: c.var.actor as Actor }
    })
    await next()
  })
  return { security: documented(scope), middleware: [middleware] as [typeof middleware] }
}

/** The endpoint acts on the caller's own account. `freshly`: a browser must have given its password lately. */
export function onOwnAccount(right: 'read' | 'admin', { freshly = false }: { freshly?: boolean } = {}) {
  const middleware = createMiddleware<QuayEnv & { Variables: { actor: Actor } }>(async (c, next) => {
    await admit(plain(c), undefined, [])
    requireUser(c.var.actor, right)
    if (freshly) requireFreshLogin(c.var.actor, c.env)
    await next()
  })
  return { security: documented(`user:${right}`), middleware: [middleware] as [typeof middleware] }
}

/** Whoever asks is let in; the endpoint only hears who it is. */
export function openToAll({ scope }: { scope?: Scope } = {}) {
  const middleware = createMiddleware<QuayEnv>(async (c, next) => {
    await admit(c, undefined, [])
    await next()
  })
  return { security: documented(scope), middleware: [middleware] as [typeof middleware] }
}

/** Nobody is asked who they are: what the endpoint says is the same for everyone. */
export const openWithoutLogin = () => ({ security: [], middleware: [] })

/** @throws the refusal that fits: 401 for nobody, 403 for somebody */
export function refuse(actor: Actor | undefined): never {
  if (!actor) throw new RegistryError('unauthenticated', 'nobody is signed in')
  throw new RegistryError('denied', 'the caller or its token may not do this')
}

function requireUser(actor: Actor | undefined, right: 'read' | 'admin'): asserts actor is Actor {
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

/** Finds out who asks and what they hold, in one batch with what else was asked for, and turns away forged requests. */
export async function admit(
  c: Context<QuayEnv>,
  path: RepositoryPath | undefined,
  along: readonly Statement[],
): Promise<{ rights: Rights | undefined; rows: unknown[] }> {
  const { store, settings } = c.env
  c.set('ip', c.req.header('cf-connecting-ip'))
  const header = c.req.header('authorization')
  const bearer = parseBearer(header)
  if (bearer && isJsonWebToken(bearer)) throw plainError(401, `Issuer ${issuerOf(bearer)} not configured`)
  const session = await readSession(c)
  c.set('session', session)
  const credential = bearer ? await parseOauthToken(bearer) : sessionCredential(session)

  const who = principalRow(store, credential)
  const accountId = accountIdOf(credential)
  const statements = path ? [who, rightsRow(store, accountId, path), ...along] : [who, ...along]
  const [[row], ...others] = (await store.batch(statements)) as [Awaited<typeof who>, ...unknown[]]
  const actor = proveActor(credential, principalOf(row), settings, c.env.now())
  c.set('actor', actor)

  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
    if (!actor?.token) checkCsrf(c, session, actor)
    if (settings.REGISTRY_STATE === 'readonly') {
      const message = 'System is currently read-only. Pulls will succeed but all write operations are suspended.'
      throw new QuayError(503, { message, is_readonly: true })
    }
  }
  if (!actor && !settings.FEATURE_ANONYMOUS_ACCESS) throw plainError(401, 'Anonymous access is not allowed')
  const rights = path ? rightsOf((others.shift() as Awaited<ReturnType<typeof rightsRow>>)[0]) : undefined
  return { rights, rows: others }
}

/** The value of `Authorization: Bearer …`; runs of spaces around and between its two parts are accepted. */
function parseBearer(header: string | undefined): string | undefined {
  return /^ *bearer +(\S+) *$/i.exec(header ?? '')?.[1]
}

function sessionCredential(session: QuayEnv['Variables']['session']): Credential {
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
