import type { Context } from 'hono'
import { isRedirectOf, withAnswer } from '../../../domain/application/redirect.ts'
import { applicationNamed } from '../../../store/applications.ts'
import { turnAwayForged } from '../admission.ts'
import { formFields } from '../browserSession.ts'
import type { QuayEnv } from '../env.ts'
import { ownRedirect } from '../publicAddress.ts'
import { parseGrantForm } from './grantForm.ts'
import { readPerson, required } from './person.ts'

/** `POST /oauth/denyapp`: the user does not agree, and the application is told so. */
export async function denyApp(c: Context<QuayEnv>): Promise<Response> {
  const fields = await formFields(c)
  const { clientId, redirectUri, state } = parseGrantForm((name) => fields[name])
  const { actor, rows } = await readPerson(c, ({ store }) => [applicationNamed(store, clientId)] as const, {
    allowBasic: false,
  })
  await turnAwayForged(c, required(actor))
  const [[application]] = rows
  const ownPage = ownRedirect(c.env.settings, c.req.url)
  if (!application || !isRedirectOf(application.redirectUri, redirectUri, ownPage)) {
    return c.json({ error: 'invalid_request' }, 400)
  }
  return c.redirect(withAnswer(redirectUri, { error: 'authorization_denied', state }), 302)
}
