import type { SQL } from 'drizzle-orm'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { type Actor, proveActor } from '../../domain/actor.ts'
import { mayRead, weighRights } from '../../domain/grant/authorize.ts'
import { type Pulled, type Puller, pullerOf } from '../../domain/manifest/notePull.ts'
import { authenticateBasic } from '../../domain/token/authenticateBasic.ts'
import {
  type BasicCredential,
  type Credential,
  decodeBasic,
  parseBasic,
  parseOauthToken,
} from '../../domain/token/credential.ts'
import { createWhereMissing } from '../../domain/token/grantRegistryAccess.ts'
import { parseRepositoryName } from '../../domain/token/registryScope.ts'
import { type RegistryAction, type RegistryGrant, verifyRegistryToken } from '../../domain/token/registryToken.ts'
import { repositoryRank } from '../../domain/token/scope.ts'
import { type Lookup as EdgeLookup, forget } from '../../edge/lookup.ts'
import { noteText, replace, respondAndRemember, respondFromEdge, unlessHeld } from '../../edge/respond.ts'
import { RegistryError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { accountIdOf, type Principal } from '../../store/principals.ts'
import { namespaceIdOf, type RepositoryPath, type Rights, repositoryIdOf } from '../../store/rights.ts'
import { readStanding } from '../../store/standing.ts'
import type { Rows, Statement, Store } from '../../store/store.ts'
import { registryHost } from './challenge.ts'
import type { OciEnv, RepositoryEnv } from './env.ts'

/** What an endpoint may look at to say what it wants read along with the caller's rights. */
export interface Lookup {
  store: Store
  /** The repository that the path names, as a subquery. */
  repositoryId: SQL<number>
  namespaceId: SQL<number>
  /** The caller's account, as a subquery; null where it is nobody. */
  accountId: SQL<number | null>
  param(name: string): string
  query(name: string): string | undefined
  c: Context<OciEnv>
  now: Date
  settings: Services['settings']
}

const needs = {
  pull: { role: 'read', scope: 'pull' },
  push: { role: 'write', scope: 'pull,push' },
  delete: { role: 'write', scope: 'pull,push' },
} as const

/** What clients poll, and what therefore is answered from the edge. */
interface Cached {
  /** The parameters of the query that the answer depends on. */
  by: readonly string[]
}

/**
 * The endpoint acts on the repository of its path. Who asks, what they hold and what the endpoint wants to know (`along`)
 * travel to the store as one batch. `creates`: a missing repository is created, where the caller may.
 */
export function onRepository<const A extends readonly Statement[] = readonly []>(
  action: keyof typeof needs,
  {
    along,
    creates = false,
    missingIsEmpty = false,
    cached,
  }: {
    cached?: Cached
    along?: (lookup: Lookup) => A | Promise<A>
    creates?: boolean
    /** A name that the caller may read, and that nothing was pushed to yet, is answered as if it held nothing. */
    missingIsEmpty?: boolean
  } = {},
) {
  const { role, scope } = needs[action]
  return createMiddleware<RepositoryEnv<Rows<A>>>(async (c, next) => {
    const plain = c as unknown as Context<OciEnv>
    const { store, settings } = c.env
    const name = c.req.param('name') ?? ''
    const path = parseRepositoryName(name, settings)
    const challengeScope = `repository:${name}:${scope}`
    const now = c.env.now()
    const credential = await readCredential(plain, challengeScope)
    const kept = cached && edgeLookup(plain, credential, path, cached)
    const hit = kept && (await respondFromEdge(c.env, kept, c.req.raw))
    if (hit) {
      if (isTaken(c, hit.response)) notePull(plain, hit.subject as Pulled | undefined, hit.caller as Puller)
      return hit.response
    }
    const asked = { scope: challengeScope, isKept: kept !== undefined }
    const { actor, rights: found, rows, lookUp, changesAt } = await admit(plain, credential, path, along, asked)
    const asker = { actor, ip: c.var.ip, now, settings }
    const mayCreate = creates && found?.repository === undefined && c.var.grants === undefined
    const rights = mayCreate ? await createWhereMissing(store, asker, { path }, found) : found

    const authority = weighRights(actor, rights, settings)
    const tokenRank = rankOfGrants(c.var.grants, path, rights, settings)
    const readRank = mayRead(authority) ? 1 : 0
    const rank = Math.min(Math.max(authority.repositoryRank, readRank), tokenRank)
    if (rank < repositoryRank(role) || (rights && !rights.namespace.enabled)) {
      const isDirect = actor && c.var.grants === undefined
      throw new RegistryError(
        isDirect ? 'denied' : 'unauthenticated',
        'access to the requested resource is not authorized',
        { detail: { scope: challengeScope } },
      )
    }
    if (!rights?.repository) {
      if (!missingIsEmpty) throw new RegistryError('repository_unknown', `no repository ${name}`)
      c.set('along', rows as Rows<A>)
      return next()
    }
    if (role !== 'read') requireWritable(rights, settings)
    c.set('namespace', rights.namespace)
    c.set('repository', rights.repository)
    c.set('authority', authority)
    c.set('along', (rights === found ? rows : await lookUp()) as Rows<A>)
    // Also after an error: a change may have been made before it.
    if (role !== 'read') return next().finally(() => forget(c.env, `${path.namespace}/${path.name}`))
    if (kept) noteText(c as never)
    await next()
    const { pulled: subject, content } = c.var
    const caller = pullerOf(actor)
    if (kept && c.var.isLookup) {
      const { badgeToken, generation } = rights.repository
      const ends = [c.var.grantsUntil, actor?.token?.expiresAt].flatMap((end) => end?.getTime() ?? [])
      const callerUntil = ends.length > 0 ? new Date(Math.min(...ends)) : undefined
      const facts = { repository: badgeToken, generation, changesAt, content, callerUntil, subject, caller }
      replace(c, await respondAndRemember(c.env, kept, facts, c.res, now, c.req.raw))
    } else replace(c, unlessHeld(c.res, c.req.raw))
    if (isTaken(c, c.res)) notePull(plain, subject, caller)
  })
}

/** A whole answer to a GET: of a manifest it counts as a pull. */
const isTaken = (c: Context, response: Response) => c.req.method === 'GET' && response.status === 200

/** Counts and logs a pull, once its answer has left. */
function notePull(c: Context<OciEnv>, pulled: Pulled | undefined, puller: Puller): void {
  if (!pulled) return
  const { pulls, store, settings, now, waitUntil } = c.env
  const { ip, userAgent } = caller(c)
  waitUntil(pulls.note(store, { pulled, puller, userAgent, ip, at: now() }, settings))
}

const caller = (c: Context<OciEnv>) => ({
  ip: c.req.header('cf-connecting-ip'),
  userAgent: c.req.header('user-agent') ?? '',
})

/** Whoever asks is let in, if it is somebody; anonymous callers are told where to get a token. */
export const onRegistry = createMiddleware<OciEnv>(async (c, next) => {
  await admit(c, await readCredential(c, undefined))
  if (!c.var.actor && !c.var.grants) throw new RegistryError('unauthenticated', 'authentication required')
  await next()
})

function requireWritable({ repository }: Rights, settings: Services['settings']): void {
  if (settings.REGISTRY_STATE === 'readonly') {
    throw new RegistryError(
      'read_only',
      'System is currently read-only. Pulls will succeed but all write operations are suspended.',
    )
  }
  if (repository && repository.state !== 'NORMAL') {
    throw new RegistryError('read_only', `the repository is not in a state that takes changes: ${repository.state}`)
  }
}

const rankOfAction: Record<RegistryAction, number> = { pull: 1, push: 2, '*': 3 }

/**
 * How far the request's registry token reaches in a repository: without one, as far as it goes. The token binds to the
 * repository's id: one made for a repository that is gone opens nothing in its successor. What is public is anybody's.
 */
export function rankOfGrants(
  grants: readonly RegistryGrant[] | undefined,
  path: RepositoryPath,
  rights: Rights | undefined,
  settings: Services['settings'],
): number {
  if (!grants) return 3
  const publicRank = rights?.repository?.isPublic && settings.FEATURE_ANONYMOUS_ACCESS ? 1 : 0
  const ofRepository = grants.filter(({ id, name }) => id === rights?.repository?.id && namesPath(name, path, settings))
  return Math.max(publicRank, ...ofRepository.flatMap(({ actions }) => actions.map((action) => rankOfAction[action])))
}

function namesPath(name: string, path: RepositoryPath, settings: Services['settings']): boolean {
  const full = `${path.namespace}/${path.name}`
  const isLibrary = settings.FEATURE_LIBRARY_SUPPORT && path.namespace === settings.LIBRARY_NAMESPACE
  return (
    name === full || name.endsWith(`/${full}`) || (isLibrary && (name === path.name || name.endsWith(`/${path.name}`)))
  )
}

/** Finds out who asks and what they hold, in one batch with what else was asked for. */
export async function admit<const A extends readonly Statement[]>(
  c: Context<OciEnv>,
  credential: Credential,
  path?: RepositoryPath,
  along?: (lookup: Lookup) => A | Promise<A>,
  { scope, isKept = false }: { scope?: string | undefined; isKept?: boolean } = {},
) {
  const { store, settings } = c.env
  const { ip, userAgent } = caller(c)
  c.set('ip', ip)
  c.set('userAgent', userAgent)
  const accountId = accountIdOf(credential)
  const lookup: Lookup = {
    store,
    repositoryId: repositoryIdOf(path ?? { namespace: '', name: '' }),
    namespaceId: namespaceIdOf(path?.namespace ?? ''),
    accountId,
    param: (name) => c.req.param(name as never) ?? '',
    query: (name) => c.req.query(name),
    c,
    now: c.env.now(),
    settings,
  }
  const asked: readonly Statement[] = along ? await along(lookup) : []
  const { principal, ...found } = await readStanding(
    store,
    { credential, path, now: lookup.now, wantsChange: isKept },
    asked,
  )
  const actor = await prove(c, credential, principal, scope)
  c.set('actor', actor)
  if (!actor && !settings.FEATURE_ANONYMOUS_ACCESS) {
    throw new RegistryError('unauthenticated', 'Anonymous access is not allowed', { detail: { scope } })
  }
  const lookUp = async () => store.batch(along ? await along(lookup) : [])
  return { actor, ...found, lookUp }
}

/** A credential that proves nothing is refused: a client must hear that its login does not count. */
async function prove(
  c: Context<OciEnv>,
  credential: Credential,
  principal: Principal | undefined,
  scope: string | undefined,
): Promise<Actor | undefined> {
  if (credential.kind === 'none') return undefined
  if (credential.kind === 'registry') {
    if (credential.accountUuid === undefined) return undefined
    const actor = proveActor(credential, principal, c.env.settings, c.env.now())
    if (!actor) throw new RegistryError('unauthenticated', 'the token is no longer valid', { detail: { scope } })
    return actor
  }
  const verdict = await authenticateBasic(c.env, credential as BasicCredential, principal)
  if ('refusal' in verdict) throw new RegistryError('unauthenticated', verdict.refusal, { detail: { scope } })
  return verdict.actor
}

/** What the Authorization header holds: a registry token, an OAuth token, or what `docker login` was given. */
async function readCredential(c: Context<OciEnv>, scope: string | undefined): Promise<Credential> {
  c.set('grants', undefined)
  const header = c.req.header('authorization')
  if (header === undefined) return { kind: 'none' }
  const bearer = /^ *bearer +(\S+) *$/i.exec(header)?.[1]
  if (bearer?.includes('.')) {
    const audiences = [registryHost(c), new URL(c.req.url).host]
    const { credential, grants, expiresAt } = await verifyRegistryToken(c.env, bearer, audiences)
    c.set('grants', grants)
    c.set('grantsUntil', expiresAt)
    return credential
  }
  const basic = decodeBasic(header.trimStart())
  const credential = bearer
    ? await parseOauthToken(bearer)
    : basic
      ? await parseBasic(basic.username, basic.password)
      : { kind: 'none' as const }
  if (credential.kind === 'none') {
    throw new RegistryError('unauthenticated', 'Specified credentials are invalid', { detail: { scope } })
  }
  return credential
}

/** The request as the edge knows it. A password has to be checked each time, so its owner's requests are not kept. */
function edgeLookup(
  c: Context<OciEnv>,
  credential: Credential,
  { namespace, name }: RepositoryPath,
  { by }: Cached,
): EdgeLookup | undefined {
  const caller = callerOf(credential, c.var.grants)
  if (caller === undefined) return undefined
  const query = by.map((key) => `${key}=${encodeURIComponent(c.req.query(key) ?? '')}`).join('&')
  return { caller, path: `${namespace}/${name}`, dialect: 'oci', variant: `${c.req.path}?${query}`, isPersonal: false }
}

/** A registry token stands for what it allows, so that the next one for the same thing finds the same answers. */
function callerOf(credential: Credential, grants: readonly RegistryGrant[] | undefined): string | undefined {
  if (credential.kind === 'none') return 'anonymous'
  if (credential.kind === 'oauth') return credential.secretHash
  return credential.kind === 'registry' ? `registry ${JSON.stringify([credential, grants])}` : undefined
}
