import type { Context } from 'hono'
import { answerWithPage } from '../../../console/page.ts'
import { signedInBody, signInBody } from '../../../console/signInPage.ts'
import { refusalTexts, signIn } from '../../../domain/token/signIn.ts'
import { RegistryError } from '../../../errors.ts'
import { userForLogin } from '../../../store/namespaces.ts'
import { turnAwayForged } from '../admission.ts'
import { ensureSession, formFields, signInBrowser } from '../browserSession.ts'
import type { QuayEnv } from '../env.ts'
import { plainError } from '../errors.ts'
import { readPerson } from './person.ts'

/** `GET /signin`: the form, or who is signed in. */
export async function signInPage(c: Context<QuayEnv>): Promise<Response> {
  const { actor } = await readPerson(c, () => [], { allowBasic: false })
  if (!actor) return form(c, { next: ownPath(c.req.query('next')) }, 200)
  return answerWithPage(c, {
    title: 'Signed in',
    registry: c.env.settings.REGISTRY_TITLE,
    body: signedInBody(actor.account.username),
  })
}

/** What a page answers that somebody has to sign in for; then the browser comes back to it. */
export function askToSignIn(c: Context<QuayEnv>): Response | Promise<Response> {
  if (c.req.query('format') === 'json') throw plainError(401, 'Requires authentication')
  const { pathname, search } = new URL(c.req.url)
  return form(c, { next: pathname + search }, 401)
}

/** `POST /signin`: what the form sends. */
export async function submitSignIn(c: Context<QuayEnv>): Promise<Response> {
  const { store, settings } = c.env
  if (!settings.FEATURE_DIRECT_LOGIN) throw plainError(404, 'Not Found')
  const { username: login = '', password = '', next: given } = await formFields(c)
  const next = ownPath(given)
  const { actor, rows } = await readPerson(c, (lookup) => [userForLogin(lookup.store, login)] as const, {
    allowBasic: false,
  })
  await turnAwayForged(c, actor, { always: true })
  const [[user]] = rows
  const origin = { ip: c.var.ip, now: c.env.now(), userAgent: c.req.header('user-agent') }
  const outcome = await signIn(store, { user, login, password, settings, ...origin }).catch((error: unknown) => {
    if (error instanceof RegistryError && error.code === 'throttled') return { throttled: true as const }
    throw error
  })
  if ('throttled' in outcome) return form(c, { next, problem: 'Too many failed tries. Wait a while.' }, 429)
  if ('refused' in outcome) {
    return form(c, { next, problem: refusalTexts[outcome.refused] ?? 'The e-mail address was never verified.' }, 403)
  }
  await signInBrowser(c, outcome.user.uuid)
  return c.redirect(next, 303)
}

/** A path of ours and nothing else: a page that somebody else made must not choose where the browser goes. */
export function ownPath(given: string | undefined): string {
  const isOurs = given !== undefined && /^\/(?![/\\])/.test(given) && !/[\\\s]/.test(given)
  return isOurs ? given : '/signin'
}

async function form(
  c: Context<QuayEnv>,
  { next, problem }: { next: string; problem?: string },
  status: 200 | 401 | 403 | 429,
) {
  const { csrfToken } = await ensureSession(c)
  const { REGISTRY_TITLE: registry, FEATURE_MAILING: canRecover } = c.env.settings
  const body = signInBody({ csrfToken, next, canRecover, ...(problem !== undefined && { problem }) })
  return answerWithPage(c, { title: 'Sign in', registry, body }, status)
}
