import type { Context } from 'hono'
import { consentBody } from '../../../console/consentPage.ts'
import { answerWithPage } from '../../../console/page.ts'
import { mayUse } from '../../../domain/application/grantImplicitly.ts'
import { isRedirectOf, withAnswer } from '../../../domain/application/redirect.ts'
import { avatarOf } from '../../../domain/namespace/avatar.ts'
import { coversScopes, parseScopes, type Scope } from '../../../domain/token/scope.ts'
import { type ApplicationFor, grantedScopes } from '../../../store/applications.ts'
import { ensureSession } from '../browserSession.ts'
import type { QuayEnv } from '../env.ts'
import { plainError } from '../errors.ts'
import { ownRedirect } from '../publicAddress.ts'
import { scopeView } from '../user/authorizationView.ts'
import { checkAssignment, formFields, type GrantForm, grant, grantReads, parseGrantForm } from './grantForm.ts'
import { readPerson } from './person.ts'
import { askToSignIn } from './signIn.ts'

/** `GET /oauth/authorize`: asks the user whether an application may act for them. */
export async function authorize(c: Context<QuayEnv>): Promise<Response> {
  const form = parseGrantForm((name) => c.req.query(name))
  for (const name of ['client_id', 'redirect_uri', 'scope']) {
    if (!c.req.query(name)) throw plainError(400, `Required param: ${name}`)
  }
  const { actor, rows } = await readPerson(
    c,
    (lookup) =>
      [...grantReads(lookup, form), grantedScopes(lookup.store, lookup.accountId, form.clientId, lookup.now)] as const,
  )
  if (!actor) return askToSignIn(c)
  checkAssignment(c, form)
  const [[found], [assignment], granted] = rows
  if (!found) throw plainError(404, 'Unknown client')
  if (!mayUse({ found, assignment })) throw plainError(403, 'Unauthorized')

  const asked = parseScopes(form.scope)
  const isCovered = asked && granted.some(({ scope }) => coversScopes(parseScopes(scope) ?? new Set(), asked))
  if (isCovered) return grant(c, form, { actor, found, assignment })
  const ownPage = ownRedirect(c.env.settings, c.req.url)
  if (!isRedirectOf(found.application.redirectUri, form.redirectUri, ownPage)) return sayMismatch(c, found)
  if (!asked) throw plainError(404, 'Unknown scope')
  return askForConsent(c, form, { found, username: actor.account.username, scopes: [...asked] })
}

/** An address that is not the application's is told to the one that is. */
function sayMismatch(c: Context<QuayEnv>, { application: { redirectUri } }: ApplicationFor): Response {
  if (!isRedirectOf(redirectUri, redirectUri, '')) throw plainError(400, 'redirect_uri_mismatch')
  return c.redirect(withAnswer(redirectUri, { error: 'redirect_uri_mismatch' }), 302)
}

interface Asked {
  found: ApplicationFor
  username: string
  scopes: Scope[]
}

async function askForConsent(c: Context<QuayEnv>, form: GrantForm, { found, username, scopes }: Asked) {
  const { application, owner } = found
  const { csrfToken } = await ensureSession(c)
  if (c.req.query('format') === 'json') {
    const views = scopes.map(scopeView)
    return c.json({
      scopes: views,
      has_dangerous_scopes: views.some(({ dangerous }) => dangerous),
      application: {
        name: application.name,
        description: application.description,
        url: application.applicationUri,
        avatar: JSON.stringify(avatarOf('app', application.name, application.avatarEmail ?? owner.email)),
        organization: { name: owner.username, avatar: JSON.stringify(avatarOf('org', owner.username, owner.email)) },
      },
      response_type: form.responseType,
      client_id: form.clientId,
      redirect_uri: form.redirectUri,
      scope: form.scope,
      csrf_token_val: csrfToken,
      state: form.state ?? null,
      assignment_uuid: form.assignmentUuid ?? null,
    })
  }
  const about = { name: application.name, description: application.description, organization: owner.username }
  const fields = { ...formFields(form), _csrf_token: csrfToken }
  return answerWithPage(c, {
    title: 'Authorize an application',
    registry: c.env.settings.REGISTRY_TITLE,
    body: consentBody({ application: about, username, scopes, fields }),
    leadsTo: [new URL(form.redirectUri).origin],
  })
}
