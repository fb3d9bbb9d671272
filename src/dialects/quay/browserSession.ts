import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { base64url } from 'jose'
import type { Actor } from '../../domain/actor.ts'
import { sameSecret } from '../../domain/token/secret.ts'
import type { BrowserSession, QuayEnv } from './env.ts'
import { plainError } from './errors.ts'

/** The cookie's name is Quay's. */
const cookieName = '_csrf_token'
const purpose = 'session'

/** The browser's session out of its cookie; undefined where there is none, or one that is not ours or has run out. */
export async function readSession<E extends QuayEnv>(c: Context<E>): Promise<BrowserSession | undefined> {
  const cookie = getCookie(c, cookieName)
  const text = cookie && (await c.env.vault.open(purpose, cookie))
  if (!text) return undefined
  const { expiresAt, ...session } = JSON.parse(text) as BrowserSession & { expiresAt: number }
  return expiresAt > c.env.now().getTime() ? session : undefined
}

/** Sends the session to the browser. */
export async function writeSession<E extends QuayEnv>(c: Context<E>, session: BrowserSession): Promise<void> {
  const maxAge = c.env.settings.SESSION_TIMEOUT
  const expiresAt = c.env.now().getTime() + maxAge * 1000
  const sealed = await c.env.vault.seal(purpose, JSON.stringify({ ...session, expiresAt }))
  const secure = new URL(c.req.url).protocol === 'https:'
  const lasting = c.env.settings.FEATURE_PERMANENT_SESSIONS ? { maxAge } : {}
  setCookie(c, cookieName, sealed, { path: '/', httpOnly: true, sameSite: 'Lax', secure, ...lasting })
}

export const newCsrfToken = () => base64url.encode(crypto.getRandomValues(new Uint8Array(48)))

/** A new session of an account that has just given its password: the old CSRF token is dead. */
export async function signInBrowser<E extends QuayEnv>(c: Context<E>, accountUuid: string): Promise<void> {
  const csrfToken = newCsrfToken()
  await writeSession(c, { accountUuid, signedInAt: c.env.now().getTime(), csrfToken })
  c.header('X-Next-CSRF-Token', csrfToken)
}

/** Takes the browser's session away. */
export function dropSession<E extends QuayEnv>(c: Context<E>): void {
  deleteCookie(c, cookieName, { path: '/' })
}

/** @throws 403 unless the request carries the session's token: in the query or the form as `_csrf_token`, or in `X-CSRF-Token` */
export async function checkCsrf<E extends QuayEnv>(
  c: Context<E>,
  session: BrowserSession | undefined,
  actor: Actor | undefined,
): Promise<void> {
  const given = c.req.query('_csrf_token') ?? (await formFields(c))._csrf_token ?? c.req.header('x-csrf-token')
  if (given && session && sameSecret(given, session.csrfToken)) return
  const suffix = actor ? ` (authorized: user ${actor.account.username})` : ''
  throw plainError(403, `CSRF token was invalid or missing.${suffix}`)
}

/** The text fields of a form; none where the body is no form. */
export async function formFields<E extends QuayEnv>(c: Context<E>): Promise<Record<string, string | undefined>> {
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(c.req.header('content-type') ?? ''))
    return {}
  const body = await c.req.parseBody().catch(() => ({}))
  const texts = Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return Object.fromEntries(texts)
}

/** The session, or a new one of nobody, which the browser is sent. */
export async function ensureSession<E extends QuayEnv>(c: Context<E>): Promise<BrowserSession> {
  const session = await readSession(c)
  if (session) return session
  const fresh = { csrfToken: newCsrfToken() }
  await writeSession(c, fresh)
  return fresh
}
