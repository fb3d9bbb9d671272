import type { Context } from 'hono'
import type { Actor } from '../../../domain/actor.ts'
import { grantCode } from '../../../domain/application/grantByCode.ts'
import { type GrantOutcome, type GrantRequest, grantImplicitly } from '../../../domain/application/grantImplicitly.ts'
import { isRedirectOf, withAnswer } from '../../../domain/application/redirect.ts'
import { type ApplicationFor, type Assignment, applicationFor, assignmentTo } from '../../../store/applications.ts'
import type { AccountLookup } from '../admission.ts'
import type { QuayEnv } from '../env.ts'
import { plainError } from '../errors.ts'
import { ownRedirect } from '../publicAddress.ts'

/** What an application asks a user for, in the query of the page or in the form that the page sends. */
export interface GrantForm {
  clientId: string
  redirectUri: string
  scope: string
  responseType: string
  state: string | undefined
  assignmentUuid: string | undefined
  codeChallenge: string | undefined
  codeChallengeMethod: string | undefined
}

const wireNames: Record<keyof GrantForm, string> = {
  clientId: 'client_id',
  redirectUri: 'redirect_uri',
  scope: 'scope',
  responseType: 'response_type',
  state: 'state',
  assignmentUuid: 'assignment_uuid',
  codeChallenge: 'code_challenge',
  codeChallengeMethod: 'code_challenge_method',
}

export function parseGrantForm(read: (name: string) => string | undefined): GrantForm {
  const value = (key: keyof GrantForm) => read(wireNames[key]) || undefined
  return {
    clientId: value('clientId') ?? '',
    redirectUri: value('redirectUri') ?? '',
    scope: value('scope') ?? '',
    responseType: value('responseType') ?? 'code',
    state: value('state'),
    assignmentUuid: value('assignmentUuid'),
    codeChallenge: value('codeChallenge'),
    codeChallengeMethod: value('codeChallengeMethod'),
  }
}

/** The same under its names on the wire, without what was not given. */
export const formFields = (form: GrantForm): Record<string, string> =>
  Object.fromEntries(
    Object.entries(wireNames).flatMap(([key, name]) => {
      const value = form[key as keyof GrantForm]
      return value === undefined ? [] : [[name, value]]
    }),
  )

/** What has to be known about it before anything is granted. */
export const grantReads = ({ store, accountId }: AccountLookup, { clientId, assignmentUuid }: GrantForm) =>
  [applicationFor(store, clientId, accountId), assignmentTo(store, accountId, clientId, assignmentUuid ?? '')] as const

/** @throws 400 for an assignment that can't be taken this way */
export function checkAssignment(c: Context<QuayEnv>, { assignmentUuid, responseType }: GrantForm): void {
  if (assignmentUuid === undefined) return
  if (!c.env.settings.FEATURE_ASSIGN_OAUTH_TOKEN || responseType !== 'token') {
    throw plainError(400, 'invalid_request')
  }
}

/** Grants what the form asks for, and answers with the way back to the application. */
export async function grant(
  c: Context<QuayEnv>,
  form: GrantForm,
  known: { actor: Actor; found: ApplicationFor | undefined; assignment: Assignment | undefined },
): Promise<Response> {
  const ownPage = ownRedirect(c.env.settings, c.req.url)
  const outcome = await carryOut(c, form, { ...form, ...known, ownPage, ip: c.var.ip, now: c.env.now() })
  c.header('Cache-Control', 'no-store')
  return 'error' in outcome ? c.json(outcome, 400) : c.redirect(outcome.location, 302)
}

async function carryOut(c: Context<QuayEnv>, form: GrantForm, request: GrantRequest): Promise<GrantOutcome> {
  const { store } = c.env
  const { codeChallenge: challenge, codeChallengeMethod: method, redirectUri, state } = form
  if (form.responseType === 'token') return grantImplicitly(store, request)
  if (form.responseType === 'code') {
    return grantCode(store, { ...request, pkce: challenge === undefined ? undefined : { challenge, method } })
  }
  const error = 'unsupported_response_type'
  const isTrusted = isRedirectOf(request.found?.application.redirectUri ?? '', redirectUri, request.ownPage)
  return isTrusted ? { location: withAnswer(redirectUri, { error, state }) } : { error }
}
