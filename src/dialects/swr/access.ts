import type { SQL } from 'drizzle-orm'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { type Actor, proveActor } from '../../domain/actor.ts'
import { mayRead, weighRights } from '../../domain/grant/authorize.ts'
import { type Credential, parseOauthToken } from '../../domain/token/credential.ts'
import { coversScopes, type RepositoryRole, repositoryRank, type Scope } from '../../domain/token/scope.ts'
import { callerOf, type Lookup as EdgeLookup, forget } from '../../edge/lookup.ts'
import { respondAndRemember, respondFromEdge } from '../../edge/respond.ts'
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
import type { RepositoryEnv, SwrEnv } from './env.ts'

/** The same request, as what is common to all endpoints sees it. */
const plain = <E extends SwrEnv>(c: Context<E>) => c as unknown as Context<SwrEnv>

/** How the OpenAPI document says what an endpoint wants; scopes cap OAuth tokens only. */
const documented = (scope: Scope | undefined) => [{ x_auth_token: scope ? [scope] : [] }]

/** What an endpoint may look at to say what it wants read along with the caller's rights. */
export interface Lookup {
  store: Store
  /** The repository that the path names, as a subquery. */
  repositoryId: SQL<number>
  namespaceId: SQL<number>
  param(name: string): string
  /** A parameter of the query; the first one counts. */
  query(name: string): string | undefined
  /** The JSON body, or undefined where there is none to be had; it has not been checked. */
  body(): Promise<unknown>
  now: Date
  settings: Services['settings']
}

/** Statements to read; an error thrown instead is told to callers who are known. */
type Along<A> = (lookup: Lookup) => A | Promise<A>

/**
 * The endpoint acts on the repository of its path, and the caller needs this role on it. Who asks, what they hold and
 * what the endpoint wants to know (`along`) travel to the store as one batch. Order of refusals: 401, 400, 404, 403.
 */
export function onRepository<const A extends readonly Statement[] = readonly []>(
  role: RepositoryRole,
  {
    scope = `repo:${role}`,
    along,
    cached = false,
  }: {
    scope?: Scope
    along?: Along<A>
    /** The answer is kept at the edge, by the repository's version and the whole query. */
    cached?: boolean
  } = {},
) {
  const middleware = createMiddleware<RepositoryEnv<Rows<A>>>(async (c, next) => {
    const path = { namespace: c.req.param('namespace') ?? '', name: repositoryName(c.req.param('repository') ?? '') }
    const now = c.env.now()
    const credential = await readCredential(plain(c))
    const kept = cached ? edgeLookup(plain(c), credential, path) : undefined
    const hit = kept && (await respondFromEdge(c.env, kept, c.req.raw))
    if (hit) return c.newResponse(hit.body, hit)
    const { rights, rows } = await admit(plain(c), path, along, credential)
    c.set('granted', () => {
      const { actor } = c.var
      // Scopes cap nothing here: what lacks the scope is told so, where its owner may see the repository.
      const authority = weighRights({ ...actor, scopes: 'all' }, rights, c.env.settings)
      if (!rights) throw new RegistryError('namespace_unknown', `organization ${path.namespace} does not exist`)
      if (!rights.repository || !mayRead(authority))
        throw new RegistryError('repository_unknown', `image ${path.namespace}/${path.name} does not exist`)
      requireScope(actor, scope)
      const looks = role === 'read' && authority.readsEverything
      if (authority.repositoryRank < repositoryRank(role) && !looks)
        throw new RegistryError('denied', 'insufficient permissions on the image')
      return { namespace: rights.namespace, repository: rights.repository, authority, along: rows as Rows<A> }
    })
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
      // Also after an error: a change may have been made before it.
      return next().finally(() => forget(c.env, `${path.namespace}/${path.name}`))
    }
    await next()
    if (!kept || !rights?.repository) return
    const { badgeToken, generation } = rights.repository
    const callerUntil = c.var.actor.token?.expiresAt
    const facts = { repository: badgeToken, generation, changesAt: rights.changesAt, callerUntil }
    c.res = await respondAndRemember(c.env, kept, facts, c.res, now, c.req.raw)
  })
  return { security: documented(scope), middleware: [middleware] as [typeof middleware] }
}

/** Any account that is known is let in. */
export function onAccount({ scope }: { scope?: Scope } = {}) {
  const middleware = createMiddleware<SwrEnv>(async (c, next) => {
    await admit(plain(c), undefined)
    await next()
  })
  return { security: documented(scope), middleware: [middleware] as [typeof middleware] }
}

/** The request as the edge knows it: the answer names the host, so the whole address counts. */
const edgeLookup = (c: Context<SwrEnv>, credential: Credential, { namespace, name }: RepositoryPath): EdgeLookup => ({
  dialect: 'swr',
  caller: callerOf(credential),
  path: `${namespace}/${name}`,
  variant: c.req.url,
  isPersonal: false,
})

/** Slashes in a repository's name travel as `$`. */
const repositoryName = (text: string) => text.replaceAll('$', '/')

function requireScope({ scopes }: Actor, scope: Scope | undefined) {
  if (scope && scopes !== 'all' && !coversScopes(scopes, new Set([scope])))
    throw new RegistryError('denied', `the token lacks the scope ${scope}`)
}

/** Finds out who asks and what they hold, in one batch with what else was asked for. @throws 401, then 400 */
export async function admit<A extends readonly Statement[]>(
  c: Context<SwrEnv>,
  path: RepositoryPath | undefined,
  along?: Along<A>,
  presented?: Credential,
): Promise<{ rights: Rights | undefined; rows: unknown[] }> {
  const { store, settings } = c.env
  c.set('ip', c.req.header('cf-connecting-ip'))
  const now = c.env.now()
  const credential = presented ?? (await readCredential(c))
  const who = principalRow(store, credential)
  const rightsRows = path && rightsRow(store, accountIdOf(credential), path, now)

  let asked: readonly Statement[] = []
  let refusal: unknown
  try {
    if (along && path) asked = await along(lookupOf(c, path, now))
  } catch (error) {
    refusal = error
  }
  const statements = rightsRows ? [who, rightsRows, ...asked] : [who, ...asked]
  const [[row], ...others] = (await store.batch(statements)) as [Awaited<typeof who>, ...unknown[]]
  const actor = proveActor(credential, principalOf(row), settings, now)
  if (!actor) throw new RegistryError('unauthenticated', 'Incorrect IAM authentication information: token is not valid')
  if (refusal) throw refusal
  c.set('actor', actor)
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD' && settings.REGISTRY_STATE === 'readonly')
    throw new RegistryError('read_only', 'the registry takes no changes at present')
  const rights = path ? rightsOf((others.shift() as Awaited<ReturnType<typeof rightsRow>>)[0]) : undefined
  return { rights, rows: others }
}

const lookupOf = (c: Context<SwrEnv>, path: RepositoryPath, now: Date): Lookup => ({
  store: c.env.store,
  repositoryId: repositoryIdOf(path),
  namespaceId: namespaceIdOf(path.namespace),
  param: (name) => c.req.param(name) ?? '',
  query: (name) => c.req.queries(name)?.[0],
  body: () => c.req.json().catch(() => undefined),
  now,
  settings: c.env.settings,
})

async function readCredential(c: Context<SwrEnv>): Promise<Credential> {
  const token = c.req.header('x-auth-token')
  if (token) return parseOauthToken(token.trim())
  throw new RegistryError('unauthenticated', 'Incorrect IAM authentication information: X-Auth-Token is missing')
}
