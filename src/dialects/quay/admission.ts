import type { SQL } from 'drizzle-orm'
import type { Context } from 'hono'
import { type Actor, proveActor } from '../../domain/actor.ts'
import { authenticateBasic } from '../../domain/token/authenticateBasic.ts'
import {
  type BasicCredential,
  type Credential,
  decodeBasic,
  parseBasic,
  parseOauthToken,
} from '../../domain/token/credential.ts'
import type { Services } from '../../services.ts'
import { accountIdOf, isStale, noteTokenUse, type Principal } from '../../store/principals.ts'
import { type RepositoryPath, usernameOf } from '../../store/rights.ts'
import { readStanding, type Standing } from '../../store/standing.ts'
import type { Statement, Store } from '../../store/store.ts'
import { checkCsrf, readSession } from './browserSession.ts'
import type { QuayEnv } from './env.ts'
import { plainError, QuayError } from './errors.ts'

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

export interface Presented {
  credential: Credential
  /** The same, where it has a secret to be checked that only the account knows. */
  basic?: BasicCredential
  session: QuayEnv['Variables']['session']
}

/** What the caller shows: a bearer token, or else a browser's session. @throws 401 for a token of a foreign issuer */
export async function presentedBy(c: Context<QuayEnv>, acceptsBasic = false): Promise<Presented> {
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

interface Admission {
  /** What the caller shows, where it has been looked at already. */
  presented?: Presented
  /** What the caller's rights are wanted on; `own` is the namespace that the caller is. */
  path?: RepositoryPath | 'own'
  /** The answer will be kept at the edge. */
  isKept?: boolean
  /** What else to read in the same batch. */
  along?: ((lookup: AccountLookup) => readonly Statement[] | Promise<readonly Statement[]>) | undefined
  always?: Always
}

/**
 * Whether the endpoint is there for signing in and out: then neither a read-only registry nor a private one refuses. What
 * writes more than a session a read-only one refuses all the same.
 */
export type Always = boolean | 'unless read-only'

/** Finds out who asks and what they hold, in one batch with what else was asked for, and turns away forged requests. */
export async function admit(
  c: Context<QuayEnv>,
  { path, along, presented, isKept = false, always = false }: Admission = {},
): Promise<Pick<Standing, 'rights' | 'changesAt'> & { rows: unknown[] }> {
  const { credential, session, basic } = presented ?? (await presentedBy(c))
  c.set('session', session)
  const { principal, ...found } = await readAlong(c, credential, { path, along, isKept })
  const actor = basic
    ? await basicActor(c, basic, principal)
    : proveActor(credential, principal, c.env.settings, c.env.now())
  c.set('actor', actor)
  if (actor) noteUse(c, actor, principal)
  await turnAwayForged(c, actor, { always })
  return found
}

/** The actor whose secret was given; a wrong one is nobody's. */
async function basicActor(c: Context<QuayEnv>, credential: BasicCredential, principal: Principal | undefined) {
  const verdict = await authenticateBasic(c.env, credential, principal)
  return 'actor' in verdict ? verdict.actor : undefined
}

/** The account behind a credential, its rights, and the endpoint's own rows: one batch. */
export async function readAlong(c: Context<QuayEnv>, credential: Credential, { path, along, isKept }: Admission) {
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
  const asked = path === 'own' ? { namespace: usernameOf(accountId), name: '' } : path
  return readStanding(store, { credential, path: asked, now: c.env.now(), wantsChange: isKept }, more ?? [])
}

/** @throws where a browser's request lacks its session's token, or the registry takes no such request now */
export async function turnAwayForged(
  c: Context<QuayEnv>,
  actor: Actor | undefined,
  { always = false }: { always?: Always } = {},
): Promise<void> {
  const { settings } = c.env
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
    if (!actor?.token) await checkCsrf(c, c.var.session, actor)
    if (settings.REGISTRY_STATE === 'readonly' && always !== true) {
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
